import type { Cluster, Me, Node, Operation, OperationStep, Plan } from '@/api/client';

export const me: Me = {
  subject: 'sub-alice',
  username: 'alice',
  organization: { id: 'org_acme', name: 'acme' },
  projects: [{ id: 'prj_1', name: 'default', role: 'owner' }],
};

export const plan: Plan = {
  name: 'small',
  title: 'Small',
  brokers_default: 3,
  brokers_max: 12,
  memory_mib: 512,
  zookeeper_memory_mib: 192,
  volume_gib: 10,
};

export const cluster = (change: Partial<Cluster> = {}): Cluster => ({
  id: 'clu_1',
  name: 'orders',
  project: 'default',
  plan: 'small',
  brokers: 1,
  zookeeper_nodes: 1,
  version: '0.1.0',
  platform: 'local',
  isolation: 'process',
  generation: 1,
  status: { state: 'ACTIVE', health: 'HEALTHY', conditions: [], observed_generation: 1 },
  operation_id: null,
  created_at: '2026-11-22T10:00:00Z',
  updated_at: '2026-11-22T10:01:00Z',
  ...change,
});

export const step = (name: string, state: OperationStep['state']): OperationStep => ({
  name,
  title: name,
  node: null,
  state,
  started_at: state === 'PENDING' ? null : '2026-11-22T10:00:00Z',
  ended_at: state === 'SUCCEEDED' ? '2026-11-22T10:00:04Z' : null,
  attempt: 1,
  detail: null,
});

export const operation = (change: Partial<Operation> = {}): Operation => ({
  id: 'op_1',
  type: 'cluster.create',
  state: 'RUNNING',
  actor: 'alice',
  request_id: 'req-1',
  target: { cluster_id: 'clu_1', cluster_name: 'orders' },
  steps: [step('Reserve addresses', 'RUNNING'), step('Brokers register', 'PENDING')],
  progress: 0,
  error: null,
  created_at: '2026-11-22T10:00:00Z',
  started_at: '2026-11-22T10:00:00Z',
  ended_at: null,
  ...change,
});

export const broker: Node = {
  name: 'broker-0',
  role: 'broker',
  node_id: 0,
  zone: 'local',
  address: '127.77.0.5',
  version: '0.1.0',
  state: 'RUNNING',
  health: 'HEALTHY',
  leaders: 4,
  partitions: 6,
  controller: true,
};

export const page = <Item>(...items: Item[]) => ({ items, next_page_token: null });
