import { Badge } from '@mantine/core';

export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'neutral';

const colors: Record<Tone, string> = {
  good: 'teal',
  busy: 'indigo',
  warning: 'orange',
  bad: 'red',
  neutral: 'gray',
};

/** A state in words; the dot only repeats it for the eye. */
export function StatusBadge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <Badge variant="dot" color={colors[tone]} miw="max-content">
      {children}
    </Badge>
  );
}
