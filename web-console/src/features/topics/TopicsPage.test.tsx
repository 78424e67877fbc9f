import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { page } from '@/testing/fixtures';
import { renderAt } from '@/testing/render';

const TOPICS = '*/api/v1/projects/default/clusters/clu_1/topics';

async function openDialog() {
  await userEvent.click(await screen.findByRole('button', { name: 'Create topic' }));
  return within(await screen.findByRole('dialog', { name: 'Create topic' }));
}

it('shows how many replicas a topic has, and how many of them a write waits for', async () => {
  const topic = {
    name: 'orders',
    partitions: 6,
    replication_factor: 3,
    min_insync_replicas: 2,
    configs: { 'retention.ms': '-1' },
  };
  renderAt(
    '/projects/default/clusters/clu_1/topics',
    http.get(TOPICS, () => HttpResponse.json(page(topic))),
  );

  const row = await screen.findByRole('row', { name: /^orders/ });

  expect(
    within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent)
      .slice(0, 5),
  ).toEqual(['orders', '6', '3', '2', 'retention.ms=-1']);
  expect(screen.getByRole('columnheader', { name: 'Must be in sync' })).toBeVisible();
});

it('finds a topic on a page that was not shown yet', async () => {
  const topic = (name: string) => ({
    name,
    partitions: 1,
    replication_factor: 1,
    min_insync_replicas: 1,
    configs: {},
  });
  renderAt(
    '/projects/default/clusters/clu_1/topics',
    http.get(TOPICS, ({ request }) =>
      new URL(request.url).searchParams.get('page_token') === 'second'
        ? HttpResponse.json(page(topic('zebra')))
        : HttpResponse.json({ items: [topic('ant')], next_page_token: 'second' }),
    ),
  );
  expect(await screen.findByText('1 of the first 1 topic')).toBeVisible();

  await userEvent.type(screen.getByRole('textbox', { name: /Filter/ }), 'zeb');

  expect(await screen.findByRole('row', { name: /^zebra/ })).toBeVisible();
  expect(screen.getByText('1 of 2 topics')).toBeVisible();
});

it('says what is refused at its field, and above the form what has none', async () => {
  const bodies: unknown[] = [];
  renderAt(
    '/projects/default/clusters/clu_1/topics',
    http.post(TOPICS, async ({ request }) => {
      bodies.push(await request.json());
      const errors = [
        { pointer: '/name', detail: 'The cluster has a topic of this name' },
        { pointer: '/configs', detail: 'retention.ms is too long' },
      ];
      return HttpResponse.json({ title: 'Bad Request', status: 400, detail: '', errors }, { status: 400 });
    }),
  );
  const dialog = await openDialog();
  const name = dialog.getByRole('textbox', { name: 'Name' });

  await userEvent.type(name, 'orders');
  await userEvent.click(dialog.getByRole('button', { name: 'Create' }));

  expect(await dialog.findByRole('alert')).toHaveTextContent('/configs: retention.ms is too long');
  expect(name).toHaveAccessibleDescription('The cluster has a topic of this name');
  expect(bodies).toEqual([{ name: 'orders', partitions: 6, configs: {} }]);
});

it('closes the dialog by its labelled button', async () => {
  renderAt('/projects/default/clusters/clu_1/topics');
  const dialog = await openDialog();

  await userEvent.click(dialog.getByRole('button', { name: 'Close' }));

  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
});
