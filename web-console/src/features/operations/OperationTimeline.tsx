import { Loader, Text, Timeline } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { Operation, OperationStep } from '@/api/client';
import { formatDuration } from '@/lib/format';

const spoken = { PENDING: 'to do', RUNNING: 'running', SUCCEEDED: 'done', FAILED: 'failed' } as const;

function Bullet({ state }: { state: OperationStep['state'] }) {
  switch (state) {
    case 'SUCCEEDED':
      return <IconCheck size={11} stroke={3} aria-hidden="true" />;
    case 'FAILED':
      return <IconX size={11} stroke={3} aria-hidden="true" />;
    case 'RUNNING':
      return <Loader size={9} color="white" aria-hidden="true" />;
    case 'PENDING':
      return null;
  }
}

function remark({ state, attempt, detail, started_at, ended_at }: OperationStep) {
  const took =
    state === 'SUCCEEDED' && started_at && ended_at
      ? formatDuration(Date.parse(ended_at) - Date.parse(started_at))
      : null;
  const repeated = state === 'RUNNING' && attempt > 1 ? `attempt ${attempt}` : null;
  return [detail, repeated, took].filter(Boolean).join(' · ');
}

/** The steps of an operation in their order; the reached one is said to who cannot see the bullets. */
export function OperationTimeline({ operation }: { operation: Operation }) {
  const reached = operation.steps.findLastIndex((step) => step.state !== 'PENDING');
  const failed = operation.steps.some((step) => step.state === 'FAILED');
  return (
    <Timeline
      component="ol"
      aria-label="Steps"
      active={reached}
      bulletSize={18}
      lineWidth={2}
      color={failed ? 'red' : 'indigo'}
      py={0}
      pr={0}
      m={0}
    >
      {operation.steps.map((step) => (
        <Timeline.Item
          key={`${step.name} ${step.node ?? ''}`}
          component="li"
          style={{ listStyle: 'none' }}
          bullet={<Bullet state={step.state} />}
          title={
            <Text size="sm" fw={step.state === 'RUNNING' ? 600 : 400} lh={1.3}>
              {step.title}
              <Text span inherit className="visually-hidden">
                : {spoken[step.state]}
              </Text>
            </Text>
          }
        >
          {remark(step) && (
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {remark(step)}
            </Text>
          )}
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
