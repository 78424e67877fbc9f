import { Card, Divider, Group, Text, Title } from '@mantine/core';
import type { Plan } from '@/api/client';
import { CodeBlock } from '@/components/CodeBlock';
import { formatCount, formatInteger, formatMebibytes } from '@/lib/format';
import { curlOf, type Draft, replicasDefault } from './draft';

interface ReviewProps {
  project: string;
  draft: Draft;
  plan: Plan | undefined;
  idempotencyKey: string;
}

export function Review({ project, draft, plan, idempotencyKey }: ReviewProps) {
  const brokers = Number(draft.brokers) || 0;
  const memory = plan ? brokers * plan.memory_mib + draft.zookeeper_nodes * plan.zookeeper_memory_mib : 0;
  const facts = [
    ['Name', draft.name || '—'],
    ['Plan', plan?.title ?? '—'],
    ['Nodes', `${formatCount(brokers, 'broker')}, ${formatCount(draft.zookeeper_nodes, 'ZooKeeper node')}`],
    ['Replicas', `${formatInteger(replicasDefault(brokers))} of each partition`],
    ['Memory', formatMebibytes(memory)],
    ['Authentication', 'SCRAM-SHA-512 over TLS'],
    ['Version', draft.version],
  ] as const;
  return (
    <Card>
      <Title order={2} size="h5" mb="md">
        Review
      </Title>
      {facts.map(([name, value]) => (
        <Group key={name} justify="space-between" wrap="nowrap" py={5} gap="md">
          <Text size="sm" c="dimmed">
            {name}
          </Text>
          <Text size="sm" fw={500} ta="right" style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </Group>
      ))}
      <Divider my="md" />
      <Text size="sm" fw={500} mb={6}>
        The same with curl
      </Text>
      <CodeBlock label="curl command" code={curlOf(window.location.origin, project, draft, idempotencyKey)} />
    </Card>
  );
}
