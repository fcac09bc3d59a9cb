/** Somebody whom a host knows. */
export interface Person {
  /** The host's id in the server's configuration. */
  readonly host: string;
  /** What the host's `People` take for a person: GitLab's user id, GitHub's login. */
  readonly id: string;
  /** The user name on the host. */
  readonly login: string;
  /** As people call them; perhaps empty. */
  readonly name: string;
}

/** A sign-in that has begun. */
export interface BegunSignIn {
  /** Where the browser goes. */
  readonly url: string;
  /** What `finish` wants back. Secret: it is kept where only this browser's sign-in finds it. */
  readonly kept: string;
}

/** Asks a host who somebody is. What the host gives out for that is taken back at once, and never kept. */
export interface Identity {
  /** @throws RetryableError when the host cannot be asked; UserError `sign-in-misconfigured`. */
  begin(redirectUri: string, signal: AbortSignal): Promise<BegunSignIn>;
  /**
   * `callback` is the address that the host sent the browser back to.
   * @throws RetryableError; UserError `sign-in-refused` (the person or the host said no), `sign-in-stale` (not what was
   * begun, or used before), `sign-in-misconfigured` (for whoever runs the server).
   */
  finish(callback: URL, kept: string, signal: AbortSignal): Promise<Person>;
}
