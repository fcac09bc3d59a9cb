import { RetryableError } from '../errors.ts';

/** What Redis says by the code that begins a reply when it cannot do now what it can do later, or for others. */
const refusals: ReadonlyMap<string, string> = new Map([
  ['LOADING', 'still loads its data'],
  ['READONLY', 'is a read-only replica'],
  ['MASTERDOWN', 'is a replica without its primary'],
  ['NOREPLICAS', 'has fewer replicas than it needs to write'],
  ['CLUSTERDOWN', 'is a cluster that is down'],
  ['TRYAGAIN', 'moves its keys to another node'],
  ['OOM', 'is full'],
  ['MISCONF', 'cannot save its data to disk'],
  ['BUSY', 'is busy with a script'],
  ['NOAUTH', 'wants a password'],
  ['WRONGPASS', 'takes another password'],
  ['NOPERM', 'does not allow the command to this user'],
]);

/** Mistakes of a program, as opposed to what its surroundings do to it. */
const mistakes = [TypeError, RangeError, SyntaxError, ReferenceError];

/** The name of what Redis itself answered; clients throw all else when they could not ask. */
const replyName = 'ReplyError';

/**
 * Asks Redis, and says in plain words when it was away or refused: a RetryableError whose cause is the client's error.
 * A reply that blames the command, and a mistake of ours, pass through. The work has to be a command alone, because
 * clients throw plain errors when a connection is closed or a server is silent: only their origin tells what they are.
 */
export async function askRedis<Answer>(command: () => Promise<Answer>): Promise<Answer> {
  try {
    return await command();
  } catch (thrown) {
    throw redisTrouble(thrown) ?? thrown;
  }
}

function redisTrouble(thrown: unknown): RetryableError | undefined {
  if (!(thrown instanceof Error) || mistakes.some((mistake) => thrown instanceof mistake)) return undefined;
  // BullMQ numbers what its scripts say against a job.
  if ('code' in thrown && typeof thrown.code === 'number') return undefined;
  const [line = ''] = thrown.message.split('\n', 1);
  if (thrown.name !== replyName) return new RetryableError(`Redis is away: ${line}`, { cause: thrown });
  // The code at the beginning of an error reply is protocol; the words behind it are not.
  const [code = ''] = line.split(' ', 1);
  const refusal = refusals.get(code);
  return refusal === undefined
    ? undefined
    : new RetryableError(`Redis ${refusal}: ${line}`, { cause: thrown });
}
