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

  /** Turns trouble into words for the person; whoever runs the server finds it in the log. */
  async function orAway<Value>(host: string, answer: Promise<Value>): Promise<Value> {
    try {
      return await answer;
    } catch (thrown) {
      const reason = messageOf(thrown);
      sparingly(`${host} ${reason}`, { host, reason }, 'a permission could not be asked');
      throw hostAway(host, thrown);
    }
  }

  const permitted = createMemory<boolean>(clock);
  const ids = createMemory<string | undefined>(clock);
  return {
    mayRead: (host, repository, person) =>
      permitted(['read', host, repository, person], () =>
        orAway(host, asked.mayRead(host, repository, person)),
      ),
    mayPush: (host, repository, person) =>
      permitted(['push', host, repository, person], () =>
        orAway(host, asked.mayPush(host, repository, person)),
      ),
    idOf: (host, login) => ids([host, login.toLowerCase()], () => orAway(host, asked.idOf(host, login))),
  };
}

type Memory<Value> = (key: readonly string[], ask: () => Promise<Value>) => Promise<Value>;

/** Answers by key, for a minute from the question on; trouble is forgotten at once. */
function createMemory<Value>(clock: Pick<Clock, 'now'>): Memory<Value> {
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<Value> }>();
  return (key, ask) => {
    const name = JSON.stringify(key);
    const now = clock.now().getTime();
    const known = answers.get(name);
    const fresh = known !== undefined && now - known.at < rememberMs;
    const entry = fresh ? known : { at: now, answer: ask() };
    answers.delete(name);
    answers.set(name, entry);
    if (!fresh) entry.answer.catch(() => answers.get(name) === entry && answers.delete(name));
    for (const oldest of answers.keys()) {
      if (answers.size <= mostAnswers) break;
      answers.delete(oldest);
    }
    return entry.answer;
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
