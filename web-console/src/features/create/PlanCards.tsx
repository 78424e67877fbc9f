import { Group, Radio, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Plan } from '@/api/client';
import { formatMebibytes } from '@/lib/format';

interface PlanCardsProps {
  plans: readonly Plan[];
  value?: string;
  onChange?: (plan: string) => void;
  error?: ReactNode;
}

export function PlanCards({ plans, value, onChange, error }: PlanCardsProps) {
  return (
    <Radio.Group label="Plan" value={value ?? null} onChange={(plan) => onChange?.(plan)} error={error}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt={6}>
        {plans.map((plan) => (
          <Radio.Card key={plan.name} value={plan.name} p="md" radius="md" aria-label={plan.title}>
            <Group wrap="nowrap" align="flex-start">
              <Radio.Indicator mt={2} />
              <div>
                <Text fw={600} size="sm">
                  {plan.title}
                </Text>
                <Text size="xs" c="dimmed" mt={4}>
                  {formatMebibytes(plan.memory_mib)} memory and {plan.volume_gib} GiB volume per broker
                </Text>
                <Text size="xs" c="dimmed">
                  {formatMebibytes(plan.zookeeper_memory_mib)} per ZooKeeper node
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
