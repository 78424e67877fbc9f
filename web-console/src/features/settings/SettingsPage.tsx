import { Alert, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, answer, type Cluster, deleteCluster } from '@/api/client';
import { DangerAction } from '@/components/DangerAction';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import { type ClusterPath, clusterKey, clusterQuery, isolationOf } from '@/features/clusters';
import { mayOperate, useProject } from '@/features/session';
import { formatCount, formatUtc } from '@/lib/format';

export function SettingsPage({ path, onDeleting }: { path: ClusterPath; onDeleting: () => void }) {
  const { data, error, refetch } = useQuery(clusterQuery(path));
  return (
    <Stack gap="lg">
      <PageHeader title="Settings" />
      {data ? (
        <>
          <Properties cluster={data.cluster} />
          <DangerZone path={path} cluster={data.cluster} etag={data.etag} onDeleting={onDeleting} />
        </>
      ) : error ? (
        <ErrorState title="The cluster could not be loaded" error={error} onRetry={() => refetch()} />
      ) : (
        <Skeleton h={260} radius="lg" />
      )}
    </Stack>
  );
}

function Properties({ cluster }: { cluster: Cluster }) {
  const isolation = isolationOf(cluster.isolation);
  const properties = [
    ['Name', cluster.name],
    ['Identifier', cluster.id],
    ['Project', cluster.project],
    ['Plan', cluster.plan],
    [
      'Nodes',
      `${formatCount(cluster.brokers, 'broker')}, ${formatCount(cluster.zookeeper_nodes, 'ZooKeeper node')}`,
    ],
    ['Version', cluster.version],
    ['Isolation', `${isolation.title}. ${isolation.explanation}`],
    ['Created', formatUtc(cluster.created_at)],
  ] as const;
  return (
    <Card>
      <Title order={2} size="h5" mb="sm">
        Properties
      </Title>
      {properties.map(([name, value]) => (
        <Group key={name} py={6} gap="md" wrap="nowrap" align="flex-start">
          <Text size="sm" c="dimmed" w={130} flex="none">
            {name}
          </Text>
          <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </Group>
      ))}
    </Card>
  );
}

interface DangerZoneProps {
  path: ClusterPath;
  cluster: Cluster;
  etag: string;
  onDeleting: () => void;
}

function DangerZone({ path, cluster, etag, onDeleting }: DangerZoneProps) {
  const { role } = useProject(path.project);
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => answer(deleteCluster({ path, headers: { 'If-Match': etag } })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: clusterKey(path) });
      onDeleting();
    },
    onError: (failure) => {
      // Changed since it was read: read it again, so that the next press is about what is there now.
      if (failure instanceof ApiError && failure.status === 412) {
        cache.invalidateQueries({ queryKey: clusterQuery(path).queryKey });
      }
    },
  });
  const deleting = cluster.status.state === 'DELETING';
  return (
    <Card>
      <Title order={2} size="h5" mb={4}>
        Delete this cluster
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Its nodes, topics, records and credentials are removed for good.
      </Text>
      {deleting && (
        <Alert mb="md" variant="light">
          It is being deleted.
        </Alert>
      )}
      <DangerAction
        label="Delete cluster"
        button={{ style: { alignSelf: 'flex-start' } }}
        title={`Delete ${cluster.name}?`}
        consequence={
          <>
            {formatCount(cluster.brokers, 'broker')} with every topic and record, and every credential, are
            deleted. Connected clients are cut off. This cannot be undone.
          </>
        }
        confirm="Delete for good"
        typedName={cluster.name}
        disabled={deleting || !mayOperate(role)}
        pending={remove.isPending}
        error={remove.error?.message ?? null}
        onConfirm={() => remove.mutateAsync()}
      />
      {!mayOperate(role) && (
        <Text size="sm" mt="xs">
          Your role “{role}” may not delete clusters: ask an operator or owner.
        </Text>
      )}
    </Card>
  );
}
