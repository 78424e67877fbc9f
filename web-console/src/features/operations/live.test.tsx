import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { FakeEventSource } from '@/testing/events';
import { cluster, operation, page, step } from '@/testing/fixtures';
import { renderAt } from '@/testing/render';
import { server } from '@/testing/setup';

const CLUSTER = '*/api/v1/projects/default/clusters/clu_1';
const at = '2026-11-22T10:00:05Z';
const creating = cluster({
  updated_at: '2026-11-22T10:00:00Z',
  status: { state: 'CREATING', health: 'UNKNOWN', conditions: [], observed_generation: 0 },
});

const EVENTS = '/api/v1/projects/default/clusters/clu_1/events';

async function stream() {
  await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
  expect(FakeEventSource.latest.url).toBe(`${EVENTS}?last_event_id=0`);
  return FakeEventSource.latest;
}

async function openCreating() {
  renderAt(
    '/projects/default/clusters/clu_1/overview',
    http.get(CLUSTER, () => HttpResponse.json(creating, { headers: { ETag: '"g1"' } })),
  );
  await screen.findByRole('list', { name: 'Steps' });
  return stream();
}

const steps = () => screen.getByRole('list', { name: 'Steps' });

it('moves the timeline on with the events of the stream', async () => {
  const events = await openCreating();
  expect(steps()).toHaveTextContent('Reserve addresses: running');

  events.send({
    sequence: 1,
    type: 'operation.updated',
    at,
    operation: operation({
      steps: [step('Reserve addresses', 'SUCCEEDED'), step('Brokers register', 'RUNNING')],
      progress: 0.5,
    }),
  });

  await waitFor(() => expect(steps()).toHaveTextContent('Reserve addresses: done'));
  expect(steps()).toHaveTextContent('Brokers register: running');
  expect(screen.getByRole('status')).toHaveTextContent('50% · Brokers register');
});

it('does not go back when the stream repeats what is overtaken', async () => {
  const events = await openCreating();
  const later = operation({
    steps: [step('Reserve addresses', 'SUCCEEDED'), step('Brokers register', 'RUNNING')],
  });

  events.send({ sequence: 2, type: 'operation.updated', at, operation: later });
  events.send({ sequence: 1, type: 'operation.updated', at, operation: operation() });

  await waitFor(() => expect(steps()).toHaveTextContent('Brokers register: running'));
  expect(steps()).toHaveTextContent('Reserve addresses: done');
});

it('shows log lines as they come', async () => {
  const events = await openCreating();
  await userEvent.click(screen.getByRole('button', { name: 'Show the log' }));

  events.send({ sequence: 1, type: 'operation.log', at, operation_id: 'op_1', line: 'Creating broker-0' });
  events.send({ sequence: 2, type: 'operation.log', at, operation_id: 'op_1', line: 'Created broker-0' });

  const log = await screen.findByRole('log');
  expect(within(log).getByText(/Creating broker-0\s+Created broker-0/)).toBeInTheDocument();
});

it('offers the endpoints as soon as the cluster is active', async () => {
  const events = await openCreating();
  expect(screen.queryByRole('heading', { name: 'Connect' })).not.toBeInTheDocument();
  server.use(http.get(CLUSTER, () => HttpResponse.json(cluster(), { headers: { ETag: '"g1"' } })));

  events.send({ sequence: 3, type: 'cluster.updated', at, cluster: cluster() });

  expect(await screen.findByRole('heading', { name: 'Connect' })).toBeVisible();
  expect(await screen.findByRole('region', { name: 'Bootstrap servers' })).toHaveTextContent(
    '127.77.0.5:9094',
  );
  expect(screen.getByRole('region', { name: 'Java snippet' })).toHaveTextContent('127.77.0.5:9094');
});

it('leaves what was read alone when the stream begins with what is long past', async () => {
  let reads = 0;
  const now = operation({
    state: 'SUCCEEDED',
    ended_at: at,
    steps: [step('Reserve addresses', 'SUCCEEDED'), step('Brokers register', 'SUCCEEDED')],
  });
  renderAt(
    '/projects/default/clusters/clu_1/overview',
    http.get(`${CLUSTER}/operations`, () => HttpResponse.json(page(now))),
    http.get(CLUSTER, () => {
      reads += 1;
      return HttpResponse.json(cluster({ name: `read-${reads}` }));
    }),
  );
  expect(await screen.findByRole('list', { name: 'Steps' })).toHaveTextContent('Brokers register: done');
  const events = await stream();

  const earlier = operation({ id: 'op_0', created_at: '2026-11-20T10:00:00Z' });
  events.send({ sequence: 1, type: 'operation.updated', at, operation: earlier });
  events.send({ sequence: 2, type: 'operation.updated', at, operation: operation() });
  events.send({ sequence: 3, type: 'cluster.updated', at, cluster: creating });
  events.send({ sequence: 4, type: 'operation.log', at, operation_id: 'op_1', line: 'Created broker-0' });

  expect(steps()).toHaveTextContent('Brokers register: done');
  expect(screen.getByRole('heading', { name: 'Connect' })).toBeVisible();
  const news = cluster({ updated_at: '2026-11-22T11:00:00Z' });
  events.send({ sequence: 5, type: 'cluster.updated', at, cluster: news });
  expect(await screen.findByRole('heading', { name: 'read-2', level: 1 })).toBeVisible();
});

it('shows the whole log of an operation that ended long ago, and keeps it when the cluster changes', async () => {
  const now = operation({ state: 'SUCCEEDED', ended_at: at });
  renderAt(
    '/projects/default/clusters/clu_1/operations/op_1',
    http.get('*/api/v1/projects/default/operations/op_1', () => HttpResponse.json(now)),
  );
  const events = await stream();

  events.send({ sequence: 1, type: 'operation.log', at, operation_id: 'op_1', line: 'Created broker-0' });
  events.send({ sequence: 2, type: 'operation.log', at, operation_id: 'op_2', line: 'of another operation' });
  expect(await screen.findByRole('log')).toHaveTextContent(/^Created broker-0$/);
  let reads = 0;
  server.use(
    http.get(CLUSTER, () => {
      reads += 1;
      return HttpResponse.json(cluster());
    }),
  );
  events.send({
    sequence: 3,
    type: 'cluster.updated',
    at,
    cluster: cluster({ updated_at: '2026-11-22T11:00:00Z' }),
  });

  await waitFor(() => expect(reads).toBe(1));
  expect(screen.getByRole('log')).toHaveTextContent(/^Created broker-0$/);
});

it('opens a refused stream anew after the last event that came', async () => {
  const events = await openCreating();
  events.send({ sequence: 7, type: 'operation.log', at, operation_id: 'op_1', line: 'Creating broker-0' });

  events.refuse();

  await waitFor(() => expect(FakeEventSource.latest.url).toBe(`${EVENTS}?last_event_id=7`));
});

it('asks for no events of a cluster that is not there', async () => {
  renderAt(
    '/projects/default/clusters/clu_1/overview',
    http.get(CLUSTER, () => HttpResponse.json({ title: 'Not Found', status: 404 }, { status: 404 })),
  );

  expect(await screen.findByRole('heading', { name: 'There is no such cluster' })).toBeVisible();
  expect(FakeEventSource.opened).toEqual([]);
});

it('says that the cluster is gone, and closes the stream', async () => {
  const events = await openCreating();

  events.send({ sequence: 9, type: 'cluster.deleted', at, cluster: cluster() });

  expect(await screen.findByRole('heading', { name: 'orders is deleted' })).toBeVisible();
  expect(events.readyState).toBe(FakeEventSource.CLOSED);
});
