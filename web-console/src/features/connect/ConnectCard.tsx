import { Button, Card, Group, Select, SimpleGrid, Skeleton, Tabs, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Cluster } from '@/api/client';
import { CodeBlock } from '@/components/CodeBlock';
import { CopyAction, CopyField } from '@/components/CopyField';
import { ErrorState } from '@/components/ErrorState';
import { CreateCredential, useUsernames } from '@/features/access';
import type { ClusterPath } from '@/features/clusters';
import { mayDevelop, useProject } from '@/features/session';
import { topicsQuery } from '@/features/topics';
import { endpointsQuery } from './queries';
import { snippetsOf } from './snippets';

/** How clients reach the cluster, with its real values. */
export function ConnectCard({ path, cluster }: { path: ClusterPath; cluster: Cluster }) {
  const allowed = mayDevelop(useProject(path.project).role);
  const { data, error, refetch } = useQuery(endpointsQuery(path));
  const topics = useInfiniteQuery(topicsQuery(path));
  const usernames = useUsernames(path);
  const [chosenUser, setUser] = useState<string | null>(null);
  const [chosenTopic, setTopic] = useState<string | null>(null);

  if (!data) {
    return error ? (
      <ErrorState title="The endpoints could not be loaded" error={error} onRetry={() => refetch()} />
    ) : (
      <Skeleton h={320} radius="lg" />
    );
  }
  const topicNames = topics.data?.pages.flatMap((page) => page.items.map(({ name }) => name)) ?? [];
  const caFile = `${cluster.name}-ca.pem`;
  const servers = data.bootstrap[0]?.servers ?? '';
  const username = chosenUser ?? usernames[0] ?? 'orders-service';
  const topic = chosenTopic ?? topicNames[0] ?? 'orders';
  const snippets = snippetsOf({ servers, username, topic, caFile });
  return (
    <Card>
      <Group justify="space-between" mb="md">
        <div>
          <Title order={2} size="h5">
            Connect
          </Title>
          <Text size="xs" c="dimmed">
            SASL_SSL with SCRAM-SHA-512: a username and password of this cluster
          </Text>
        </div>
        {allowed && (
          <CreateCredential
            path={path}
            variant="default"
            onCreated={(created) => setUser(created.username)}
          />
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <CopyField label="Bootstrap servers" value={servers} />
        <div>
          <Text size="sm" fw={500} mb={4}>
            Certificate authority
          </Text>
          <Group gap="xs">
            <Button
              variant="default"
              size="sm"
              component="a"
              href={`data:application/x-pem-file,${encodeURIComponent(data.ca_certificate_pem)}`}
              download={caFile}
              leftSection={<IconDownload size={16} aria-hidden="true" />}
            >
              {caFile}
            </Button>
            <CopyAction value={data.ca_certificate_pem} label="Copy the CA certificate" />
          </Group>
          <Text size="xs" c="dimmed" mt={4}>
            Put it beside your program: only this certificate authority vouches for the brokers.
          </Text>
        </div>
        {usernames.length > 0 && (
          <Select
            label="Username in the snippet"
            data={usernames}
            value={username}
            onChange={setUser}
            allowDeselect={false}
          />
        )}
        {topicNames.length > 0 && (
          <Select
            label="Topic in the snippet"
            data={topicNames}
            value={topic}
            onChange={setTopic}
            allowDeselect={false}
            searchable
          />
        )}
      </SimpleGrid>
      <Tabs defaultValue="Java" mt="md" keepMounted={false}>
        <Tabs.List>
          {snippets.map(({ name }) => (
            <Tabs.Tab key={name} value={name} px="sm">
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map(({ name, code }) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            <CodeBlock label={`${name} snippet`} code={code} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Card>
  );
}
