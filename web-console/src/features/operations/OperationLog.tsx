import { Code, ScrollArea, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ClusterPath } from '@/features/clusters';
import { logQuery } from './queries';

export function OperationLog({
  path,
  operation,
  height,
}: {
  path: ClusterPath;
  operation: string;
  height: number;
}) {
  const { data: lines = [] } = useQuery(logQuery(path, operation));
  if (lines.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No lines. They are kept for thirty days.
      </Text>
    );
  }
  return (
    <ScrollArea.Autosize
      mah={height}
      viewportProps={{ tabIndex: 0, role: 'log', 'aria-label': 'Log of the operation' }}
    >
      <Code
        block
        bg="var(--console-code)"
        fz={12}
        lh={1.6}
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {lines.join('\n')}
      </Code>
    </ScrollArea.Autosize>
  );
}
