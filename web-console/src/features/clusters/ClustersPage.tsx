import { Button, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconDatabasePlus, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import { mayOperate, useProject } from '@/features/session';
import { formatCount } from '@/lib/format';
import { ClusterTable } from './ClusterTable';
import { clustersQuery } from './queries';

export function ClustersPage({ project }: { project: string }) {
  const { role } = useProject(project);
  const clusters = useInfiniteQuery(clustersQuery(project));
  const items = clusters.data?.pages.flatMap((page) => page.items) ?? [];
  const allowed = mayOperate(role);
  return (
    <Stack gap="lg">
      <PageHeader
        title="Clusters"
        description={
          items.length > 0
            ? `${clusters.hasNextPage ? 'The first ' : ''}${formatCount(items.length, 'cluster')}`
            : undefined
        }
        actions={
          items.length > 0 && allowed ? <CreateLink project={project} label="Create cluster" /> : undefined
        }
      />
      {clusters.isPending ? (
        <TableSkeleton label="Loading clusters" />
      ) : clusters.isError && items.length === 0 ? (
        <ErrorState
          title="The clusters could not be loaded"
          error={clusters.error}
          onRetry={() => clusters.refetch()}
        />
      ) : items.length === 0 ? (
        <EmptyState
          icon={IconDatabasePlus}
          title="No clusters yet"
          description="A cluster is your own set of brokers that any Kafka client connects to. It takes about a minute to make the first one."
          action={
            allowed ? (
              <CreateLink project={project} label="Create the first cluster" />
            ) : (
              <Text size="sm">Your role “{role}” may look but not create: ask an operator or owner.</Text>
            )
          }
        />
      ) : (
        <ClusterTable project={project} clusters={items} />
      )}
      {clusters.hasNextPage && (
        <Button
          variant="default"
          mx="auto"
          loading={clusters.isFetchingNextPage}
          onClick={() => clusters.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Stack>
  );
}

function CreateLink({ project, label }: { project: string; label: string }) {
  return (
    <Button
      component={Link}
      to={`/projects/${project}/clusters/new`}
      leftSection={<IconPlus size={17} aria-hidden="true" />}
    >
      {label}
    </Button>
  );
}

function TableSkeleton({ label }: { label: string }) {
  return (
    <Stack gap="sm" role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {[0, 1, 2].map((row) => (
        <Skeleton key={row} height={56} radius="lg" />
      ))}
    </Stack>
  );
}
