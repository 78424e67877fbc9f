import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { operation } from '@/testing/fixtures';
import { renderAt } from '@/testing/render';
import { server } from '@/testing/setup';

const CREATE = '*/api/v1/projects/default/clusters';

async function openForm() {
  const opened = renderAt('/projects/default/clusters/new');
  const name = await screen.findByRole('textbox', { name: 'Name' });
  return { ...opened, name };
}

it('judges the name while it is typed', async () => {
  const { name } = await openForm();

  await userEvent.type(name, 'Orders');
  expect(await screen.findByText('Start with a lowercase letter')).toBeVisible();
  await userEvent.clear(name);
  await userEvent.type(name, 'orders-');
  expect(await screen.findByText('End with a letter or a digit')).toBeVisible();
  await userEvent.type(name, '1');

  await waitFor(() => expect(name).not.toBeInvalid());
});

it('sends nothing while a field is wrong', async () => {
  let sent = 0;
  await openForm();
  server.use(
    http.post(CREATE, () => {
      sent += 1;
      return HttpResponse.json(operation(), { status: 202 });
    }),
  );

  await userEvent.click(screen.getByRole('button', { name: 'Create cluster' }));

  expect(await screen.findByText('Give the cluster a name')).toBeVisible();
  expect(sent).toBe(0);
});

it('creates what the review says, once, and goes to the cluster', async () => {
  const bodies: unknown[] = [];
  const keys: (string | null)[] = [];
  const { name, router } = await openForm();
  server.use(
    http.post(CREATE, async ({ request }) => {
      bodies.push(await request.json());
      keys.push(request.headers.get('Idempotency-Key'));
      return HttpResponse.json(operation(), { status: 202 });
    }),
  );

  await userEvent.type(name, 'orders');
  expect(screen.getByText('3 of each partition')).toBeVisible();
  const brokers = screen.getByRole('textbox', { name: 'Brokers' });
  await userEvent.clear(brokers);
  await userEvent.type(brokers, '1');
  expect(screen.getByText('1 of each partition')).toBeVisible();
  const command = screen.getByRole('region', { name: 'curl command' });
  expect(command).toHaveTextContent('"name":"orders","plan":"small","brokers":1,"zookeeper_nodes":1');
  const shownKey = command.textContent?.match(/Idempotency-Key: (\w+)/)?.[1];
  await userEvent.click(screen.getByRole('button', { name: 'Create cluster' }));

  await waitFor(() =>
    expect(router.state.location.pathname).toBe('/projects/default/clusters/clu_1/overview'),
  );
  expect(bodies).toEqual([
    { name: 'orders', plan: 'small', brokers: 1, zookeeper_nodes: 1, version: '0.1.0' },
  ]);
  expect(keys).toEqual([shownKey]);
});

it('shows the server’s errors at the fields they point at', async () => {
  const { name } = await openForm();
  server.use(
    http.post(CREATE, () =>
      HttpResponse.json(
        {
          type: 'about:blank',
          title: 'Conflict',
          status: 409,
          detail: 'Refused',
          code: 'name_taken',
          errors: [
            { pointer: '/name', detail: 'A cluster of this name exists' },
            { pointer: '/network', detail: 'No addresses left' },
          ],
          request_id: 'req-1',
          retryable: false,
        },
        { status: 409 },
      ),
    ),
  );

  await userEvent.type(name, 'orders');
  await userEvent.click(screen.getByRole('button', { name: 'Create cluster' }));

  expect(await screen.findByRole('alert')).toHaveTextContent('/network: No addresses left');
  expect(name).toBeInvalid();
  expect(name).toHaveAccessibleDescription(expect.stringContaining('A cluster of this name exists'));
});
