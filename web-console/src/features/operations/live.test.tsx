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
  status: { state: 'CREATING', health: 'UNKNOWN', conditions: [], observed_generation: 0 },
});

async function openCreating() {
  renderAt('/projects/default/clusters/clu_1/overview');
  server.use(http.get(CLUSTER, () => HttpResponse.json(creating, { headers: { ETag: '"g1"' } })));
  await screen.findByRole('list', { name: 'Steps' });
  expect(FakeEventSource.latest.url).toBe('/api/v1/projects/default/clusters/clu_1/events');
  return FakeEventSource.latest;
}

const steps = () => screen.getByRole('list', { name: 'Steps' });

it('moves the timeline on with the events of the stream', async () => {
  const stream = await openCreating();
  expect(steps()).toHaveTextContent('Reserve addresses: running');

  stream.send({
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
  const stream = await openCreating();
  const later = operation({
    steps: [step('Reserve addresses', 'SUCCEEDED'), step('Brokers register', 'RUNNING')],
  });

  stream.send({ sequence: 2, type: 'operation.updated', at, operation: later });
  stream.send({ sequence: 1, type: 'operation.updated', at, operation: operation() });

  await waitFor(() => expect(steps()).toHaveTextContent('Brokers register: running'));
  expect(steps()).toHaveTextContent('Reserve addresses: done');
});

it('shows log lines as they come', async () => {
  const stream = await openCreating();
  await userEvent.click(screen.getByRole('button', { name: 'Show the log' }));

  stream.send({ sequence: 1, type: 'operation.log', at, operation_id: 'op_1', line: 'Creating broker-0' });
  stream.send({ sequence: 2, type: 'operation.log', at, operation_id: 'op_1', line: 'Created broker-0' });

  const log = await screen.findByRole('log');
  expect(within(log).getByText(/Creating broker-0\s+Created broker-0/)).toBeInTheDocument();
});

it('offers the endpoints as soon as the cluster is active', async () => {
  const stream = await openCreating();
  expect(screen.queryByRole('heading', { name: 'Connect' })).not.toBeInTheDocument();
  server.use(http.get(CLUSTER, () => HttpResponse.json(cluster(), { headers: { ETag: '"g1"' } })));

  stream.send({ sequence: 3, type: 'cluster.updated', at, cluster: cluster() });

  expect(await screen.findByRole('heading', { name: 'Connect' })).toBeVisible();
  expect(await screen.findByRole('region', { name: 'Bootstrap servers' })).toHaveTextContent(
    '127.77.0.5:9094',
  );
  expect(screen.getByRole('region', { name: 'Java snippet' })).toHaveTextContent('127.77.0.5:9094');
});

it('reads again what happened before the stream was open', async () => {
  const stream = await openCreating();
  server.use(
    http.get(`${CLUSTER}/operations`, () =>
      HttpResponse.json(page(operation({ steps: [step('Reserve addresses', 'SUCCEEDED')] }))),
    ),
  );

  stream.accept();

  await waitFor(() => expect(steps()).toHaveTextContent('Reserve addresses: done'));
});

it('says that the cluster is gone, and closes the stream', async () => {
  const stream = await openCreating();

  stream.send({ sequence: 9, type: 'cluster.deleted', at, cluster: cluster() });

  expect(await screen.findByRole('heading', { name: 'orders is deleted' })).toBeVisible();
  expect(stream.readyState).toBe(FakeEventSource.CLOSED);
});
