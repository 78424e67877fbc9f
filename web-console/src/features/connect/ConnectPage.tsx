import { Button, Skeleton, Stack } from '@mantine/core';
import { IconPlug } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import { type ClusterPath, clusterQuery } from '@/features/clusters';
import { ConnectCard } from './ConnectCard';

export function ConnectPage({ path }: { path: ClusterPath }) {
  const { data, error, refetch } = useQuery(clusterQuery(path));
  return (
    <Stack gap="lg">
      <PageHeader title="Connect" description="Any Kafka client works, unchanged" />
      {data ? (
        data.cluster.status.state === 'CREATING' ? (
          <EmptyState
            icon={IconPlug}
            title="Not ready yet"
            description="Endpoints are shown as soon as the brokers have registered."
            action={
              <Button component={Link} to={`/projects/${path.project}/clusters/${path.cluster}/overview`}>
                Watch it being created
              </Button>
            }
          />
        ) : (
          <ConnectCard path={path} cluster={data.cluster} />
        )
      ) : error ? (
        <ErrorState title="The cluster could not be loaded" error={error} onRetry={() => refetch()} />
      ) : (
        <Skeleton h={320} radius="lg" />
      )}
    </Stack>
  );
}
