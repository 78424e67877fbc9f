import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/react';
import { setupServer } from 'msw/node';
import { FakeEventSource } from './events';

// The first render of a file also loads its modules; a failure still ends.
configure({ asyncUtilTimeout: 10_000 });

export const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => {
  server.resetHandlers();
  FakeEventSource.reset();
});
afterAll(() => server.close());

// What jsdom lacks and Mantine asks for.
Object.defineProperty(window, 'matchMedia', {
  value: (media: string) => ({
    matches: false,
    media,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }),
});
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
globalThis.EventSource = FakeEventSource as unknown as typeof EventSource;
window.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
