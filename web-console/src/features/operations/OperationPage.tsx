import { Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import type { ClusterPath } from '@/features/clusters';
import { formatTime, formatUtc } from '@/lib/format';
import { Running } from './OperationCard';
import { OperationLog } from './OperationLog';
import { OperationBadge, operationTitle } from './presentation';
import { hasEnded, operationQuery } from './queries';

export function OperationPage({ path, operation: id }: { path: ClusterPath; operation: string }) {
  const { data: operation, error, refetch } = useQuery(operationQuery(path, id));
  if (!operation) {
    return error ? (
      <ErrorState title="The operation could not be loaded" error={error} onRetry={() => refetch()} />
    ) : (
      <Skeleton h={320} radius="lg" />
    );
  }
  return (
    <Stack gap="lg">
      <PageHeader
        title={operationTitle(operation)}
        description={
          <Group gap="md">
            <OperationBadge state={operation.state} />
            <span>by {operation.actor}</span>
            <span title={formatUtc(operation.created_at)}>{formatTime(operation.created_at)}</span>
          </Group>
        }
      />
      <Card>
        <Running operation={operation} path={path} />
      </Card>
      {hasEnded(operation) && (
        <Card>
          <Title order={2} size="h5" mb="sm">
            Log
          </Title>
          <OperationLog path={path} operation={operation.id} height={400} />
        </Card>
      )}
      <Text size="xs" c="dimmed" ff="monospace">
        {operation.id} · request {operation.request_id}
      </Text>
    </Stack>
  );
}
