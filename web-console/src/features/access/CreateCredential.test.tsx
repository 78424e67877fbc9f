import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { renderAt } from '@/testing/render';
import { server } from '@/testing/setup';

it('shows the password once and keeps it nowhere', async () => {
  const bodies: unknown[] = [];
  const { queries } = renderAt('/projects/default/clusters/clu_1/users');
  server.use(
    http.post('*/clusters/clu_1/principals/orders-service/credentials', async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json(
        {
          id: 'crd_1',
          principal: 'orders-service',
          preset: 'consumer',
          prefix: 'orders-',
          mechanism: 'SCRAM-SHA-512',
          username: 'orders-service-1',
          password: 'correct-horse',
          created_at: '2026-11-22T10:00:00Z',
        },
        { status: 201 },
      );
    }),
  );

  await userEvent.click(await screen.findByRole('button', { name: 'Create credential' }));
  const dialog = await screen.findByRole('dialog', { name: 'Create credential' });
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'User' }), 'orders-service');
  await userEvent.click(within(dialog).getByRole('radio', { name: 'Consumer' }));
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Prefix' }), 'orders-');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Create' }));

  expect(await within(dialog).findByRole('region', { name: 'Password' })).toHaveTextContent('correct-horse');
  expect(bodies).toEqual([{ preset: 'consumer', prefix: 'orders-' }]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'I have copied it' }));
  await waitFor(() => expect(screen.queryByText('correct-horse')).not.toBeInTheDocument());
  const kept = queries
    .getQueryCache()
    .getAll()
    .map((query) => query.state.data);
  expect(JSON.stringify(kept)).not.toContain('correct-horse');
});
