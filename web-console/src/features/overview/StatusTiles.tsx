import { Card, Group, SimpleGrid, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Cluster, Node } from '@/api/client';
import {
  type ClusterPath,
  healthLabel,
  healthTone,
  isolationOf,
  nodesQuery,
  stateLabel,
} from '@/features/clusters';
import { formatInteger } from '@/lib/format';

interface Tile {
  title: string;
  value: string;
  detail: string;
  warns: boolean;
}

const serving = (nodes: readonly Node[], role: Node['role']) =>
  nodes.filter((node) => node.role === role && node.state === 'RUNNING').length;

function tilesOf(cluster: Cluster, nodes: readonly Node[] | undefined): Tile[] {
  const { state, health, conditions } = cluster.status;
  const settled = state === 'ACTIVE';
  const tone = healthTone(health);
  const isolation = isolationOf(cluster.isolation);
  const inService = (role: Node['role'], wanted: number) => {
    if (!nodes) return { value: `– of ${formatInteger(wanted)}`, warns: false };
    const count = serving(nodes, role);
    return { value: `${formatInteger(count)} of ${formatInteger(wanted)}`, warns: settled && count < wanted };
  };
  return [
    {
      title: 'Status',
      value: settled ? healthLabel(health) : stateLabel(state),
      detail:
        conditions[0]?.detail ??
        (settled ? 'Clients are served' : `Health: ${healthLabel(health).toLowerCase()}`),
      warns: state === 'FAILED' || (settled && (tone === 'warning' || tone === 'bad')),
    },
    {
      title: 'Brokers in service',
      ...inService('broker', cluster.brokers),
      detail: 'Registered and answering',
    },
    {
      title: 'ZooKeeper in service',
      ...inService('zookeeper', cluster.zookeeper_nodes),
      detail: cluster.zookeeper_nodes === 1 ? 'One node: its loss stops changes' : 'A majority is enough',
    },
    { title: 'Isolation', value: isolation.title, detail: isolation.summary, warns: false },
  ];
}

export function StatusTiles({ path, cluster }: { path: ClusterPath; cluster: Cluster }) {
  const { data } = useQuery(nodesQuery(path));
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="lg">
      {tilesOf(cluster, data?.items).map(({ title, value, detail, warns }) => (
        <Card key={title} padding="md">
          <Text size="sm" c="dimmed">
            {title}
          </Text>
          <Group gap={8} mt={2} wrap="nowrap">
            <Text fz={24} fw={640} lh={1.25} style={{ fontVariantNumeric: 'tabular-nums' }}>
              {value}
            </Text>
            {warns && (
              <IconAlertTriangle
                size={18}
                color="var(--mantine-color-orange-6)"
                role="img"
                aria-label="Needs attention"
              />
            )}
          </Group>
          <Text size="xs" c="dimmed" mt={2}>
            {detail}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}
