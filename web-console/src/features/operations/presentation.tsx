import type { Operation, OperationState } from '@/api/client';
import { StatusBadge, type Tone } from '@/components/StatusBadge';

const titles: Record<string, string> = {
  'cluster.create': 'Create cluster',
  'cluster.delete': 'Delete cluster',
};

const states: Record<OperationState, { label: string; tone: Tone }> = {
  QUEUED: { label: 'Queued', tone: 'neutral' },
  SCHEDULED: { label: 'Scheduled', tone: 'neutral' },
  RUNNING: { label: 'Running', tone: 'busy' },
  WAITING: { label: 'Waiting', tone: 'warning' },
  PAUSED: { label: 'Paused', tone: 'warning' },
  CANCELLING: { label: 'Cancelling', tone: 'warning' },
  ROLLING_BACK: { label: 'Rolling back', tone: 'warning' },
  SUCCEEDED: { label: 'Succeeded', tone: 'good' },
  FAILED: { label: 'Failed', tone: 'bad' },
  CANCELLED: { label: 'Cancelled', tone: 'neutral' },
  ROLLED_BACK: { label: 'Rolled back', tone: 'neutral' },
};

export const operationTitle = ({ type }: Operation) => titles[type] ?? type;

export function OperationBadge({ state }: { state: OperationState }) {
  return <StatusBadge tone={states[state].tone}>{states[state].label}</StatusBadge>;
}
