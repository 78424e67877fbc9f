import { act } from '@testing-library/react';
import type { ClusterEvent } from '@/api/client';

/** An EventSource that a test speaks through; jsdom has none. */
export class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static #opened: FakeEventSource[] = [];

  readonly url: string;
  readyState: number = FakeEventSource.CONNECTING;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.#opened.push(this);
  }

  static get opened(): readonly FakeEventSource[] {
    return FakeEventSource.#opened;
  }

  static get latest(): FakeEventSource {
    const latest = FakeEventSource.#opened.at(-1);
    if (!latest) throw new Error('No stream was opened');
    return latest;
  }

  static reset() {
    FakeEventSource.#opened = [];
  }

  /** As for an answer other than 200: the browser does not come again. */
  refuse() {
    this.readyState = FakeEventSource.CLOSED;
    act(() => {
      this.dispatchEvent(new Event('error'));
    });
  }

  send(event: ClusterEvent) {
    act(() => {
      this.dispatchEvent(new MessageEvent(event.type, { data: JSON.stringify(event) }));
    });
  }

  close() {
    this.readyState = FakeEventSource.CLOSED;
  }
}
