import {
  Anchor,
  Card,
  Collapse,
  Group,
  Progress,
  Skeleton,
  Stack,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Operation } from '@/api/client';
import type { ClusterPath } from '@/features/clusters';
import { formatAge, formatPercent } from '@/lib/format';
import { OperationLog } from './OperationLog';
import { OperationTimeline } from './OperationTimeline';
import { operationTitle } from './presentation';
import { hasEnded, operationsQuery } from './queries';

/** The operation that runs, else the last one. */
export function OperationCard({ path }: { path: ClusterPath }) {
  const { data, isPending } = useInfiniteQuery(operationsQuery(path));
  const operation = data?.pages[0]?.items[0];
  if (isPending) return <Skeleton h={320} radius="lg" />;
  if (!operation) return null;
  return (
    <Card>
      <Group justify="space-between" align="flex-start" mb="md" wrap="nowrap">
        <div>
          <Title order={2} size="h5">
            {operationTitle(operation)}
          </Title>
          <Text size="xs" c="dimmed">
            {summary(operation)}
          </Text>
        </div>
        <Anchor
          component={Link}
          to={`/projects/${path.project}/clusters/${path.cluster}/operations/${operation.id}`}
          size="sm"
        >
          Details
        </Anchor>
      </Group>
      <Running operation={operation} path={path} />
    </Card>
  );
}

function summary(operation: Operation) {
  const when = hasEnded(operation) && operation.ended_at ? formatAge(operation.ended_at) : 'running';
  const outcome = operation.state === 'FAILED' ? 'failed ' : '';
  return `${operation.actor} · ${outcome}${when}`;
}

export function Running({ operation, path }: { operation: Operation; path: ClusterPath }) {
  const [shown, { toggle }] = useDisclosure(false);
  const ended = hasEnded(operation);
  return (
    <Stack gap="md">
      {!ended && (
        <div>
          <Progress
            value={operation.progress * 100}
            size="sm"
            aria-label="Progress of the operation"
            animated
          />
          <Text size="xs" c="dimmed" mt={4} role="status">
            {formatPercent(operation.progress)}
            {current(operation)}
          </Text>
        </div>
      )}
      <OperationTimeline operation={operation} />
      {operation.error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {operation.error.detail}
        </Text>
      )}
      {!ended && (
        <div>
          <UnstyledButton onClick={toggle} aria-expanded={shown}>
            <Text size="sm" c="var(--mantine-color-anchor)">
              {shown ? 'Hide the log' : 'Show the log'}
            </Text>
          </UnstyledButton>
          <Collapse expanded={shown} mt="xs">
            <OperationLog path={path} operation={operation.id} height={220} />
          </Collapse>
        </div>
      )}
    </Stack>
  );
}

function current(operation: Operation) {
  const step = operation.steps.find(({ state }) => state === 'RUNNING');
  return step ? ` · ${step.title}` : '';
}
