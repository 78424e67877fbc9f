import { Button, Grid, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Cluster } from '@/api/client';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import { type ClusterPath, clusterQuery } from '@/features/clusters';
import { ConnectCard } from '@/features/connect';
import { OperationCard } from '@/features/operations';
import { formatUtc } from '@/lib/format';
import { NodeTables } from './NodeTables';
import { StatusTiles } from './StatusTiles';

export function OverviewPage({ path }: { path: ClusterPath }) {
  const { data, error, refetch } = useQuery(clusterQuery(path));
  if (!data) {
    return error ? (
      <ErrorState title="The cluster could not be loaded" error={error} onRetry={() => refetch()} />
    ) : (
      <Stack gap="lg" role="status" aria-label="Loading the cluster">
        <Skeleton h={56} w={320} />
        <Skeleton h={110} radius="lg" />
        <Skeleton h={320} radius="lg" />
      </Stack>
    );
  }
  const { cluster } = data;
  const active = cluster.status.state === 'ACTIVE';
  return (
    <Stack gap="lg">
      <PageHeader
        title={cluster.name}
        description={<Facts cluster={cluster} />}
        actions={
          active ? (
            <Button
              component={Link}
              to={`/projects/${path.project}/clusters/${path.cluster}/topics?create=true`}
            >
              Create topic
            </Button>
          ) : undefined
        }
      />
      <StatusTiles path={path} cluster={cluster} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, xl: 8 }}>
          <Stack gap="lg">
            <NodeTables path={path} />
            {active && <ConnectCard path={path} cluster={cluster} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, xl: 4 }}>
          <OperationCard path={path} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Facts({ cluster }: { cluster: Cluster }) {
  const facts = [
    ['Plan', cluster.plan],
    ['Version', cluster.version],
    ['Platform', cluster.platform],
    ['Created', formatUtc(cluster.created_at)],
  ] as const;
  return (
    <span style={{ display: 'flex', flexWrap: 'wrap', columnGap: 20 }}>
      {facts.map(([name, value]) => (
        <span key={name}>
          {name}{' '}
          <Text span inherit c="var(--mantine-color-text)" fw={500}>
            {value}
          </Text>
        </span>
      ))}
    </span>
  );
}
