import { messageOf, UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import { createLogSparingly } from '../log-sparingly.ts';

/** Asks the hosts, with the service's own credentials, what a person may do. All of them throw when the host is away. */
export interface Permissions {
  mayRead(host: string, repositoryId: string, personId: string): Promise<boolean>;
  mayPush(host: string, repositoryId: string, personId: string): Promise<boolean>;
  /** The id of the host's user of that name; undefined: nobody. */
  idOf(host: string, login: string): Promise<string | undefined>;
}

/** How long an answer holds, yes or no: who was shut out is out within a minute. */
const rememberMs = 60_000;
/** Answers that are kept, the longest unused forgotten first. */
const mostAnswers = 20_000;

/**
 * Remembers answers, and asks once for those who ask at the same time.
 * @throws UserError `host-away`, whatever the trouble was; it is logged.
 */
export function rememberPermissions(
  asked: Permissions,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): Permissions {
  const sparingly = createLogSparingly(log, clock);
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();

  function remembered<Value>(
    ask: () => Promise<Value>,
    host: string,
    ...key: readonly string[]
  ): Promise<Value> {
    const name = JSON.stringify([host, ...key]);
    const now = clock.now().getTime();
    const known = answers.get(name);
    answers.delete(name);
    const fresh = known !== undefined && now - known.at < rememberMs;
    const entry = fresh
      ? known
      : { at: now, answer: ask().catch((thrown: unknown) => forget(name, host, thrown)) };
    answers.set(name, entry);
    for (const oldest of answers.keys()) {
      if (answers.size <= mostAnswers) break;
      answers.delete(oldest);
    }
    // The name holds what kind of answer it is.
    return entry.answer as Promise<Value>;
  }

  function forget(name: string, host: string, thrown: unknown): never {
    answers.delete(name);
    sparingly(
      `${host} ${messageOf(thrown)}`,
      { host, reason: messageOf(thrown) },
      'a permission could not be asked',
    );
    throw hostAway(host, thrown);
  }

  return {
    mayRead: (host, repository, person) =>
      remembered(() => asked.mayRead(host, repository, person), host, 'read', repository, person),
    mayPush: (host, repository, person) =>
      remembered(() => asked.mayPush(host, repository, person), host, 'push', repository, person),
    idOf: (host, login) => remembered(() => asked.idOf(host, login), host, 'id', login.toLowerCase()),
  };
}

/** The host does not say what somebody may do: nothing is shown, and the page says why. */
export function hostAway(host: string, cause?: unknown): UserError {
  return new UserError(
    'host-away',
    `${host} does not answer the question what you may see.`,
    'Load this page again in a minute. If that does not help, tell whoever runs modelgate: its log says why.',
    { cause },
  );
}
