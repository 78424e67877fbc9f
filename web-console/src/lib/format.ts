const integers = new Intl.NumberFormat('en');
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const times = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export const formatInteger = (value: number) => integers.format(value);
export const formatPercent = (fraction: number) => percents.format(fraction);
/** Local time; show the UTC time beside it with {@link formatUtc}. */
export const formatTime = (instant: string) => times.format(new Date(instant));
export const formatUtc = (instant: string) =>
  `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** "3 brokers", "1 broker". */
export const formatCount = (value: number, noun: string) =>
  `${formatInteger(value)} ${noun}${value === 1 ? '' : 's'}`;

/** 512 → "512 MiB", 2048 → "2 GiB". */
export function formatMebibytes(mebibytes: number) {
  return mebibytes >= 1024 && mebibytes % 512 === 0
    ? `${integers.format(mebibytes / 1024)} GiB`
    : `${integers.format(mebibytes)} MiB`;
}

/** "0.4 s", "12 s", "2 min 04 s", "1 h 05 min". */
export function formatDuration(milliseconds: number) {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

const SPANS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "3 minutes ago", "just now". */
export function formatAge(instant: string, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(instant)) / 1000);
  for (const [unit, length] of SPANS) {
    if (seconds >= length) return relative.format(-Math.floor(seconds / length), unit);
  }
  return 'just now';
}
