import { formatAge, formatDuration, formatMebibytes } from './format';

it.each([
  [400, '0.4 s'],
  [12_000, '12 s'],
  [124_000, '2 min 04 s'],
  [3_900_000, '1 h 05 min'],
])('says %i ms as %s', (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});

it.each([
  [512, '512 MiB'],
  [2112, '2,112 MiB'],
  [1536, '1.5 GiB'],
])('says %i MiB as %s', (mebibytes, expected) => {
  expect(formatMebibytes(mebibytes)).toBe(expected);
});

it('rounds ages down', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(formatAge('2026-11-22T11:59:30Z', now)).toBe('just now');
  expect(formatAge('2026-11-22T10:01:00Z', now)).toBe('1 hour ago');
});
