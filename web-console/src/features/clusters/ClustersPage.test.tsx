import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { cluster, me, page } from '@/testing/fixtures';
import { renderAt } from '@/testing/render';

const LIST = '*/api/v1/projects/default/clusters';

it('lists clusters with their state and running operation', async () => {
  const { router } = renderAt(
    '/',
    http.get(LIST, () =>
      HttpResponse.json(
        page(
          cluster({
            status: { state: 'CREATING', health: 'UNKNOWN', conditions: [], observed_generation: 0 },
            operation_id: 'op_7',
          }),
        ),
      ),
    ),
  );

  const row = (await screen.findByRole('link', { name: 'orders' })).closest('tr') as HTMLElement;

  expect(within(row).getByText('Creating')).toBeVisible();
  expect(within(row).getByRole('link', { name: 'Running operation of orders' })).toHaveAttribute(
    'href',
    '/projects/default/clusters/clu_1/operations/op_7',
  );
  expect(router.state.location.pathname).toBe('/projects/default/clusters');
});

it('offers to create the first cluster where there is none', async () => {
  renderAt(
    '/projects/default/clusters',
    http.get(LIST, () => HttpResponse.json(page())),
  );

  expect(await screen.findByRole('heading', { name: 'No clusters yet' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Create the first cluster' })).toHaveAttribute(
    'href',
    '/projects/default/clusters/new',
  );
});

it('does not offer to a viewer what is sure to be refused', async () => {
  renderAt(
    '/projects/default/clusters',
    http.get('*/api/v1/me', () =>
      HttpResponse.json({ ...me, projects: [{ id: 'prj_1', name: 'default', role: 'viewer' }] }),
    ),
    http.get(LIST, () => HttpResponse.json(page())),
  );

  expect(await screen.findByText(/Your role “viewer” may look but not create/)).toBeVisible();
  expect(screen.queryByRole('link', { name: /Create/ })).not.toBeInTheDocument();
});

it('says what failed and recovers on retry', async () => {
  let broken = true;
  renderAt(
    '/projects/default/clusters',
    http.get(LIST, () =>
      broken
        ? HttpResponse.json(
            {
              type: 'about:blank',
              title: 'Conflict',
              status: 409,
              detail: 'The list is being rebuilt',
              code: 'conflict',
              errors: [],
              request_id: 'req-42',
              retryable: false,
            },
            { status: 409 },
          )
        : HttpResponse.json(page(cluster())),
    ),
  );

  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('The list is being rebuilt');
  expect(alert).toHaveTextContent('req-42');
  broken = false;
  await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));

  expect(await screen.findByRole('link', { name: 'orders' })).toBeVisible();
});
