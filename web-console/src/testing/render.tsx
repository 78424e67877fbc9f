import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { Providers } from '@/app/Providers';
import { createQueryClient } from '@/app/queries';
import { createRouter } from '@/app/router';
import { broker, cluster, me, operation, page, plan } from './fixtures';
import { server } from './setup';

const CLUSTER = '*/api/v1/projects/default/clusters/clu_1';

/** A control plane with one active cluster; a test overrides what it is about. */
export const usualAnswers = () => [
  http.get('*/api/v1/me', () => HttpResponse.json(me)),
  http.get('*/api/v1/plans', () => HttpResponse.json({ items: [plan] })),
  http.get('*/api/v1/versions', () => HttpResponse.json({ items: [{ version: '0.1.0', default: true }] })),
  http.get('*/api/v1/projects/default/clusters', () => HttpResponse.json(page(cluster()))),
  http.get(CLUSTER, () => HttpResponse.json(cluster(), { headers: { ETag: '"g1"' } })),
  http.get(`${CLUSTER}/nodes`, () => HttpResponse.json(page(broker))),
  http.get(`${CLUSTER}/operations`, () => HttpResponse.json(page(operation()))),
  http.get(`${CLUSTER}/topics`, () => HttpResponse.json(page())),
  http.get(`${CLUSTER}/principals`, () => HttpResponse.json(page())),
  http.get(`${CLUSTER}/endpoints`, () =>
    HttpResponse.json({
      bootstrap: [{ authentication: 'scram-sha-512', protocol: 'SASL_SSL', servers: '127.77.0.5:9094' }],
      ca_certificate_pem: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
    }),
  ),
];

/** The whole console at one URL; the given answers come before the usual ones. */
export function renderAt(url: string, ...answers: RequestHandler[]) {
  server.use(...answers, ...usualAnswers());
  const queries = createQueryClient();
  const router = createRouter(queries, createMemoryHistory({ initialEntries: [url] }));
  render(
    <Providers queries={queries} environment="test">
      <RouterProvider router={router} />
    </Providers>,
  );
  return { router, queries };
}
