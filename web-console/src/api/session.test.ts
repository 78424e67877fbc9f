import { HttpResponse, http } from 'msw';
import { server } from '@/testing/setup';
import { sessionFetch } from './client';
import { Session, SessionEnded } from './session';

it('navigates once to the sign-in, whatever else fails after, and stops asking', async () => {
  const navigations: string[] = [];
  let asked = 0;
  server.use(
    http.get('*/api/v1/me', () => {
      asked += 1;
      return new HttpResponse(null, { status: 499 });
    }),
  );
  const session = new Session((url) => navigations.push(url));
  const fetch = sessionFetch(session);
  const request = () => fetch(new Request('http://localhost/api/v1/me'));

  await Promise.allSettled([request(), request()]);
  await expect(request()).rejects.toBeInstanceOf(SessionEnded);

  expect(navigations).toEqual(['/login?return_to=%2F']);
  expect(asked).toBe(2);
});

it('leaves other refusals to who asked', async () => {
  const navigations: string[] = [];
  server.use(http.get('*/api/v1/me', () => new HttpResponse(null, { status: 403 })));

  const response = await sessionFetch(new Session((url) => navigations.push(url)))(
    new Request('http://localhost/api/v1/me'),
  );

  expect(response.status).toBe(403);
  expect(navigations).toEqual([]);
});
