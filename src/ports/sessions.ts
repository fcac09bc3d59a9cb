import type { Person } from './identity.ts';

/** Who is signed in, kept on the server. */
export interface Sessions {
  /** A new session; resolves to its id, a secret that only the browser keeps. */
  open(person: Person): Promise<string>;
  /** Whose session it is, or undefined when it ended: signed out, unused for two hours, older than twelve. */
  find(id: string): Promise<Person | undefined>;
  /** Ends it; one that is not there is no trouble. */
  close(id: string): Promise<void>;
}
