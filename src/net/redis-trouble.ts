import { RetryableError } from '../errors.ts';
import type { Advice } from '../errors.ts';

/** What to do about a Redis that is not as it has to be, said alike wherever it is said. */
export const redisRemedies = {
  away: 'Start it, or correct REDIS_URL.',
  full: 'Raise maxmemory; redis-cli --bigkeys shows what takes the room.',
  credentials: 'Write its user and password into REDIS_URL.',
} as const;

/** What Redis says by the code that begins a reply when it cannot do now what it can do later, or for others. */
const refusals: ReadonlyMap<string, Advice> = new Map([
  ['LOADING', { what: 'still loads its data', remedy: 'Wait until it has.' }],
  ['READONLY', { what: 'is a read-only replica', remedy: 'Name the primary in REDIS_URL.' }],
  ['MASTERDOWN', { what: 'is a replica without its primary', remedy: 'Name the primary in REDIS_URL.' }],
  [
    'NOREPLICAS',
    {
      what: 'has fewer replicas than it needs to write',
      remedy: 'Start them, or lower min-replicas-to-write.',
    },
  ],
  ['CLUSTERDOWN', { what: 'is a cluster that is down', remedy: 'Repair the cluster.' }],
  ['TRYAGAIN', { what: 'moves its keys to another node', remedy: 'Wait until it has.' }],
  ['OOM', { what: 'is full', remedy: redisRemedies.full }],
  [
    'MISCONF',
    { what: 'cannot save its data to disk', remedy: 'Its log says why: perhaps the disk is full.' },
  ],
  ['BUSY', { what: 'is busy with a script', remedy: 'Wait, or end it: redis-cli script kill.' }],
  ['NOAUTH', { what: 'wants a password', remedy: redisRemedies.credentials }],
  ['WRONGPASS', { what: 'takes another password', remedy: redisRemedies.credentials }],
  [
    'NOPERM',
    {
      what: 'does not allow the command to this user',
      remedy: 'Allow it all commands on our keys (redis-cli acl setuser).',
    },
  ],
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
  if (thrown.name !== replyName) {
    const advice = { what: 'Redis is away', remedy: redisRemedies.away };
    return new RetryableError(`Redis is away: ${line}`, { cause: thrown, advice });
  }
  // The code at the beginning of an error reply is protocol; the words behind it are not.
  const [code = ''] = line.split(' ', 1);
  const refusal = refusals.get(code);
  if (refusal === undefined) return undefined;
  const what = `Redis ${refusal.what}`;
  const advice = { what, remedy: refusal.remedy };
  return new RetryableError(`${what}: ${line}`, { cause: thrown, advice });
}
