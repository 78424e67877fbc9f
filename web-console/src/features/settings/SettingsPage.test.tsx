import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { operation } from '@/testing/fixtures';
import { renderAt } from '@/testing/render';
import { server } from '@/testing/setup';

const CLUSTER = '*/api/v1/projects/default/clusters/clu_1';

async function openDialog() {
  const opened = renderAt('/projects/default/clusters/clu_1/settings');
  await userEvent.click(await screen.findByRole('button', { name: 'Delete cluster' }));
  return { ...opened, dialog: await screen.findByRole('dialog', { name: 'Delete orders?' }) };
}

it('deletes only what was named, as it was read', async () => {
  const conditions: (string | null)[] = [];
  const { dialog, router } = await openDialog();
  server.use(
    http.delete(CLUSTER, ({ request }) => {
      conditions.push(request.headers.get('If-Match'));
      return HttpResponse.json(operation({ type: 'cluster.delete' }), { status: 202 });
    }),
  );
  const confirm = within(dialog).getByRole('button', { name: 'Delete for good' });
  const name = within(dialog).getByRole('textbox', { name: 'Type “orders” to confirm' });

  await userEvent.type(name, 'order');
  expect(confirm).toBeDisabled();
  await userEvent.type(name, '{Enter}');
  expect(conditions).toEqual([]);
  await userEvent.type(name, 's');
  await userEvent.click(confirm);

  await waitFor(() =>
    expect(router.state.location.pathname).toBe('/projects/default/clusters/clu_1/overview'),
  );
  expect(conditions).toEqual(['"g1"']);
});

it('keeps the dialog with the reason when it is refused', async () => {
  const { dialog } = await openDialog();
  server.use(
    http.delete(CLUSTER, () =>
      HttpResponse.json(
        {
          type: 'about:blank',
          title: 'Precondition Failed',
          status: 412,
          detail: 'It was changed since you read it',
          code: 'precondition_failed',
          errors: [],
          request_id: 'req-1',
          retryable: false,
        },
        { status: 412 },
      ),
    ),
  );

  await userEvent.type(within(dialog).getByRole('textbox'), 'orders');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete for good' }));

  expect(await within(dialog).findByRole('alert')).toHaveTextContent('It was changed since you read it');
});
