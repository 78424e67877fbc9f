import { Badge, Group, Skeleton, Stack, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Node } from '@/api/client';
import { DataTable, NumberCell } from '@/components/DataTable';
import { ErrorState } from '@/components/ErrorState';
import { StatusBadge, type Tone } from '@/components/StatusBadge';
import { type ClusterPath, nodesQuery } from '@/features/clusters';
import { formatInteger } from '@/lib/format';

const states: Record<Node['state'], { label: string; tone: Tone }> = {
  PENDING: { label: 'Pending', tone: 'neutral' },
  ENROLLED: { label: 'Enrolled', tone: 'busy' },
  STARTING: { label: 'Starting', tone: 'busy' },
  RUNNING: { label: 'Running', tone: 'good' },
  STOPPING: { label: 'Stopping', tone: 'busy' },
  UNREACHABLE: { label: 'Unreachable', tone: 'bad' },
};

const common = [{ title: 'State' }, { title: 'Address' }, { title: 'Version' }];
const brokerColumns = [
  { title: 'Broker' },
  ...common,
  { title: 'Leaders', numeric: true },
  { title: 'Partitions', numeric: true },
];
const zookeeperColumns = [{ title: 'ZooKeeper node' }, ...common];

export function NodeTables({ path }: { path: ClusterPath }) {
  const { data, error, refetch } = useQuery(nodesQuery(path));
  if (!data) {
    return error ? (
      <ErrorState title="The nodes could not be loaded" error={error} onRetry={() => refetch()} />
    ) : (
      <Skeleton h={260} radius="lg" />
    );
  }
  const brokers = data.items.filter((node) => node.role === 'broker');
  const zookeepers = data.items.filter((node) => node.role === 'zookeeper');
  return (
    <Stack gap="lg">
      <DataTable label="Brokers" columns={brokerColumns} heading={<Heading>Brokers</Heading>}>
        {brokers.map((node) => (
          <NodeRow key={node.name} node={node} lead="Controller">
            <NumberCell>{node.leaders === null ? '–' : formatInteger(node.leaders)}</NumberCell>
            <NumberCell>{node.partitions === null ? '–' : formatInteger(node.partitions)}</NumberCell>
          </NodeRow>
        ))}
      </DataTable>
      <DataTable label="ZooKeeper nodes" columns={zookeeperColumns} heading={<Heading>ZooKeeper</Heading>}>
        {zookeepers.map((node) => (
          <NodeRow key={node.name} node={node} lead="Leader" />
        ))}
      </DataTable>
    </Stack>
  );
}

function Heading({ children }: { children: string }) {
  return (
    <Title order={2} size="h5" px="lg" pt="lg" pb="xs">
      {children}
    </Title>
  );
}

function NodeRow({ node, lead, children }: { node: Node; lead: string; children?: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Td fw={500} style={{ whiteSpace: 'nowrap' }}>
        <Group gap={8} wrap="nowrap">
          {node.name}
          {node.controller && (
            <Badge size="sm" variant="light" miw="max-content">
              {lead}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <StatusBadge tone={states[node.state].tone}>{states[node.state].label}</StatusBadge>
      </Table.Td>
      <Table.Td ff="monospace" fz="sm">
        {node.address ?? '–'}
      </Table.Td>
      <Table.Td>{node.version}</Table.Td>
      {children}
    </Table.Tr>
  );
}
