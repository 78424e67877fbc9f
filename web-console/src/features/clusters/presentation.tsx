import type { ClusterState, Health } from '@/api/client';
import { StatusBadge, type Tone } from '@/components/StatusBadge';

const states: Record<ClusterState, { label: string; tone: Tone }> = {
  CREATING: { label: 'Creating', tone: 'busy' },
  ACTIVE: { label: 'Active', tone: 'good' },
  UPDATING: { label: 'Updating', tone: 'busy' },
  MAINTENANCE: { label: 'Maintenance', tone: 'busy' },
  HEALING: { label: 'Healing', tone: 'warning' },
  DELETING: { label: 'Deleting', tone: 'busy' },
  DELETED: { label: 'Deleted', tone: 'neutral' },
  FAILED: { label: 'Failed', tone: 'bad' },
};

const healths: Record<Health, { label: string; tone: Tone }> = {
  HEALTHY: { label: 'Healthy', tone: 'good' },
  DEGRADED: { label: 'Degraded', tone: 'warning' },
  UNAVAILABLE: { label: 'Unavailable', tone: 'bad' },
  UNKNOWN: { label: 'Not known yet', tone: 'neutral' },
};

export const stateLabel = (state: ClusterState) => states[state].label;
export const healthLabel = (health: Health) => healths[health].label;
export const healthTone = (health: Health) => healths[health].tone;

export function StateBadge({ state }: { state: ClusterState }) {
  return <StatusBadge tone={states[state].tone}>{states[state].label}</StatusBadge>;
}

export function HealthBadge({ health }: { health: Health }) {
  return <StatusBadge tone={healths[health].tone}>{healths[health].label}</StatusBadge>;
}

interface Isolation {
  title: string;
  summary: string;
  explanation: string;
}

const isolations: Record<string, Isolation> = {
  process: {
    title: 'Process',
    summary: 'All nodes under one user of one machine',
    explanation:
      'Every node is a process of one user on one machine, with its own loopback address, certificate and data folder. Good for development; a tenant who must be kept from others needs machines of their own.',
  },
  namespace: {
    title: 'Network namespace',
    summary: 'Nodes share a machine, not its network',
    explanation: 'Every node has a network namespace and limits of its own on a shared machine.',
  },
  machine: {
    title: 'Virtual machine',
    summary: 'Machines and a network of its own',
    explanation: 'Every node is a virtual machine, in a network that only this cluster uses.',
  },
};

export function isolationOf(isolation: string): Isolation {
  return isolations[isolation] ?? { title: isolation, summary: 'Of this platform', explanation: isolation };
}
