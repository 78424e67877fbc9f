import { Anchor, Button, Skeleton, Stack, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DataTable } from '@/components/DataTable';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import type { ClusterPath } from '@/features/clusters';
import { formatDuration, formatTime, formatUtc } from '@/lib/format';
import { OperationBadge, operationTitle } from './presentation';
import { operationsQuery } from './queries';

const columns = [
  { title: 'Operation' },
  { title: 'State' },
  { title: 'By' },
  { title: 'Asked for' },
  { title: 'Took' },
];

export function OperationsPage({ path }: { path: ClusterPath }) {
  const operations = useInfiniteQuery(operationsQuery(path));
  const items = operations.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="lg">
      <PageHeader title="Operations" description="Everything that was done to this cluster, newest first" />
      {operations.isPending ? (
        <Skeleton h={200} radius="lg" />
      ) : operations.isError && items.length === 0 ? (
        <ErrorState
          title="The operations could not be loaded"
          error={operations.error}
          onRetry={() => operations.refetch()}
        />
      ) : items.length === 0 ? (
        <EmptyState title="No operations" description="Nothing has been done to this cluster yet." />
      ) : (
        <DataTable label="Operations" columns={columns} minWidth={640}>
          {items.map((operation) => (
            <Table.Tr key={operation.id}>
              <Table.Td>
                <Anchor
                  component={Link}
                  to={`/projects/${path.project}/clusters/${path.cluster}/operations/${operation.id}`}
                  fw={500}
                  size="sm"
                >
                  {operationTitle(operation)}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <OperationBadge state={operation.state} />
              </Table.Td>
              <Table.Td>{operation.actor}</Table.Td>
              <Table.Td title={formatUtc(operation.created_at)}>{formatTime(operation.created_at)}</Table.Td>
              <Table.Td>
                {operation.started_at && operation.ended_at
                  ? formatDuration(Date.parse(operation.ended_at) - Date.parse(operation.started_at))
                  : '—'}
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
      {operations.hasNextPage && (
        <Button variant="default" mx="auto" onClick={() => operations.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Stack>
  );
}
