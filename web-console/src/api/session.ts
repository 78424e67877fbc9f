/** Thrown for every request after the session has ended: the document is about to be replaced. */
export class SessionEnded extends Error {
  constructor() {
    super('The session has ended');
  }
}

/**
 * Whether this document's session is still good. The first answer that says otherwise latches: later ones neither
 * reach the network nor navigate again, however many queries were under way.
 */
export class Session {
  #ended = false;
  readonly #navigate: (url: string) => void;

  constructor(navigate: (url: string) => void) {
    this.#navigate = navigate;
  }

  get ended() {
    return this.#ended;
  }

  end(returnTo: string) {
    if (this.#ended) return;
    this.#ended = true;
    this.#navigate(`/login?return_to=${encodeURIComponent(returnTo)}`);
  }
}

export const session = new Session((url) => window.location.assign(url));
