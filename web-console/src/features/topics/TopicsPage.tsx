import { Button, Group, Skeleton, Stack, Table, TextInput } from '@mantine/core';
import { IconMessages, IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Topic } from '@/api/client';
import { DangerAction } from '@/components/DangerAction';
import { DataTable, NumberCell } from '@/components/DataTable';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import type { ClusterPath } from '@/features/clusters';
import { mayDevelop, useProject } from '@/features/session';
import { formatCount, formatInteger } from '@/lib/format';
import { CreateTopic } from './CreateTopic';
import { topicsQuery, useDeleteTopic } from './queries';

const columns = [
  { title: 'Topic' },
  { title: 'Partitions', numeric: true },
  { title: 'Replicas', numeric: true },
  { title: 'Must be in sync', numeric: true },
  { title: 'Overrides' },
  { title: 'Actions', hidden: true },
];

/** What of the page is worth sharing, as its URL has it. */
export interface TopicsSearch {
  filter: string;
  create: boolean;
}

interface TopicsPageProps {
  path: ClusterPath;
  search: TopicsSearch;
  onSearch: (change: Partial<TopicsSearch>) => void;
}

export function TopicsPage({ path, search, onSearch }: TopicsPageProps) {
  const allowed = mayDevelop(useProject(path.project).role);
  const topics = useInfiniteQuery(topicsQuery(path));
  const items = topics.data?.pages.flatMap((page) => page.items) ?? [];
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = topics;
  // What is looked for may be on a page that nobody has asked for yet.
  const searchesOn = search.filter !== '' && hasNextPage && !isFetching && !isFetchNextPageError;
  useEffect(() => {
    if (searchesOn) void fetchNextPage();
  }, [searchesOn, fetchNextPage]);
  const shown = items.filter(({ name }) => name.toLowerCase().includes(search.filter.toLowerCase()));
  const create = allowed && (
    <Button
      leftSection={<IconPlus size={17} aria-hidden="true" />}
      onClick={() => onSearch({ create: true })}
    >
      Create topic
    </Button>
  );
  return (
    <Stack gap="lg">
      <PageHeader
        title="Topics"
        description={
          topics.data
            ? `${formatInteger(shown.length)} of ${hasNextPage ? 'the first ' : ''}${formatCount(items.length, 'topic')}`
            : undefined
        }
        actions={
          items.length > 0 && (
            <>
              <TextInput
                aria-label="Filter by name"
                placeholder="Filter by name"
                leftSection={<IconSearch size={15} aria-hidden="true" />}
                value={search.filter}
                onChange={(event) => onSearch({ filter: event.currentTarget.value })}
              />
              {create}
            </>
          )
        }
      />
      {topics.isPending ? (
        <Skeleton h={240} radius="lg" />
      ) : topics.isError && items.length === 0 ? (
        <ErrorState
          title="The topics could not be loaded"
          error={topics.error}
          onRetry={() => topics.refetch()}
        />
      ) : items.length === 0 ? (
        <EmptyState
          icon={IconMessages}
          title="No topics yet"
          description="A topic is a named log of records, divided into partitions that consumers share."
          action={create}
        />
      ) : (
        <DataTable label="Topics" columns={columns}>
          {shown.map((topic) => (
            <TopicRow key={topic.name} path={path} topic={topic} allowed={allowed} />
          ))}
        </DataTable>
      )}
      {topics.hasNextPage && (
        <Button
          variant="default"
          mx="auto"
          loading={topics.isFetchingNextPage}
          onClick={() => topics.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      <CreateTopic
        path={path}
        opened={allowed && search.create}
        onClose={() => onSearch({ create: false })}
      />
    </Stack>
  );
}

function TopicRow({ path, topic, allowed }: { path: ClusterPath; topic: Topic; allowed: boolean }) {
  const remove = useDeleteTopic(path);
  const overrides = Object.entries(topic.configs);
  return (
    <Table.Tr>
      <Table.Td fw={500}>{topic.name}</Table.Td>
      <NumberCell>{formatInteger(topic.partitions)}</NumberCell>
      <NumberCell>{formatInteger(topic.replication_factor)}</NumberCell>
      <NumberCell>{formatInteger(topic.min_insync_replicas)}</NumberCell>
      <Table.Td ff="monospace" fz="xs">
        {overrides.length === 0 ? '–' : overrides.map(([key, value]) => `${key}=${value}`).join(' ')}
      </Table.Td>
      <Table.Td>
        <Group justify="flex-end">
          {allowed && (
            <DangerAction
              label="Delete"
              describedAs={`Delete ${topic.name}`}
              title={`Delete ${topic.name}?`}
              consequence="The topic and all of its records are deleted. This cannot be undone."
              confirm="Delete topic"
              typedName={topic.name}
              button={{ size: 'xs', variant: 'default' }}
              pending={remove.isPending}
              error={remove.error?.message ?? null}
              onConfirm={() => remove.mutateAsync(topic.name)}
            />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
