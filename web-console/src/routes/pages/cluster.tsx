import { Button } from '@mantine/core';
import { IconDatabaseOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { ApiError } from '@/api/client';
import { EmptyState } from '@/components/EmptyState';
import { clusterQuery } from '@/features/clusters';
import { useClusterEvents } from '@/features/operations';

const route = getRouteApi('/projects/$project/clusters/$cluster');

export default function Cluster() {
  const path = route.useParams();
  const { data, error } = useQuery(clusterQuery(path));
  const stream = useClusterEvents(path, data !== undefined);
  const gone = error instanceof ApiError && error.status === 404;
  if (stream === 'deleted' || gone || data?.cluster.status.state === 'DELETED') {
    return (
      <EmptyState
        icon={IconDatabaseOff}
        title={data ? `${data.cluster.name} is deleted` : 'There is no such cluster'}
        description={data ? 'Its nodes, records and credentials are gone.' : 'It may have been deleted.'}
        action={
          <Button component={Link} to={`/projects/${path.project}/clusters`}>
            To the clusters
          </Button>
        }
      />
    );
  }
  return <Outlet />;
}
