import { Skeleton, Stack } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import { plansQuery, versionsQuery } from '@/features/clusters';
import { CreateForm } from './CreateForm';

export function CreatePage({ project }: { project: string }) {
  const [plans, versions] = useQueries({ queries: [plansQuery(), versionsQuery()] });
  const failed = plans.error ?? versions.error;
  return (
    <Stack gap="lg">
      <PageHeader
        title="Create a cluster"
        description="Its own brokers, ZooKeeper, network addresses, certificate authority and credentials."
      />
      {failed ? (
        <ErrorState
          title="The plans could not be loaded"
          error={failed}
          onRetry={() => {
            plans.refetch();
            versions.refetch();
          }}
        />
      ) : plans.data && versions.data ? (
        <CreateForm project={project} plans={plans.data.items} versions={versions.data.items} />
      ) : (
        <Skeleton height={420} radius="lg" aria-label="Loading plans" role="status" />
      )}
    </Stack>
  );
}
