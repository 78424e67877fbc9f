import { Anchor, Group, Loader, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Cluster } from '@/api/client';
import { DataTable, NumberCell } from '@/components/DataTable';
import { formatAge, formatInteger, formatUtc } from '@/lib/format';
import { HealthBadge, StateBadge } from './presentation';

const columns = [
  { title: 'Cluster' },
  { title: 'State' },
  { title: 'Health' },
  { title: 'Version' },
  { title: 'Plan' },
  { title: 'Brokers', numeric: true },
  { title: 'Running operation' },
  { title: 'Created' },
];

export function ClusterTable({ project, clusters }: { project: string; clusters: readonly Cluster[] }) {
  return (
    <DataTable label="Clusters" columns={columns} minWidth={860}>
      {clusters.map((cluster) => (
        <Table.Tr key={cluster.id}>
          <Table.Td>
            <Anchor
              component={Link}
              to={`/projects/${project}/clusters/${cluster.id}/overview`}
              fw={600}
              size="sm"
            >
              {cluster.name}
            </Anchor>
          </Table.Td>
          <Table.Td>
            <StateBadge state={cluster.status.state} />
          </Table.Td>
          <Table.Td>
            <HealthBadge health={cluster.status.health} />
          </Table.Td>
          <Table.Td>{cluster.version}</Table.Td>
          <Table.Td>{cluster.plan}</Table.Td>
          <NumberCell>{formatInteger(cluster.brokers)}</NumberCell>
          <Table.Td>
            <RunningOperation project={project} cluster={cluster} />
          </Table.Td>
          <Table.Td title={formatUtc(cluster.created_at)} style={{ whiteSpace: 'nowrap' }}>
            {formatAge(cluster.created_at)}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

function RunningOperation({ project, cluster }: { project: string; cluster: Cluster }) {
  if (!cluster.operation_id) {
    return (
      <Text size="sm" c="dimmed">
        None
      </Text>
    );
  }
  return (
    <Group gap={8} wrap="nowrap">
      <Loader size={14} aria-hidden="true" />
      <Anchor
        component={Link}
        to={`/projects/${project}/clusters/${cluster.id}/operations/${cluster.operation_id}`}
        size="sm"
        aria-label={`Running operation of ${cluster.name}`}
      >
        Watch
      </Anchor>
    </Group>
  );
}
