import { unexpected } from '../../../domain/smoke.ts';
import type { SmokeRequest } from '../../../domain/policy.ts';
import type { Release } from '../../../domain/release.ts';
import { messageOf, RetryableError } from '../../../errors.ts';
import type { Prediction } from '../../../ports/serving.ts';
import type { Phase } from '../../phase.ts';
import type { ReleaseWorld } from '../../world.ts';
import { isOurs, wantedModel } from '../roll-out/next.ts';
import { nextOfSmoke, type SmokeSeen } from './next.ts';

/**
 * Predictions that the new model is asked for before it is called done. It changes nothing: the note of what was before
 * stays, because KServe would make a new revision where it is removed.
 */
export const smoke: Phase<SmokeSeen, never> = {
  name: 'smoke',

  async observe(release, world, signal) {
    const { service: name = '', smoke: requests = [] } = release.plan?.production.serving ?? {};
    const service = await world.serving.read(name, signal);
    const wrong: string[] = [];
    const unanswered: string[] = [];
    // What somebody else wrote meanwhile is not asked.
    const due = service !== undefined && isOurs(service, wantedModel(release)) ? requests : [];
    for (const [index, request] of due.entries()) {
      const problem = await ask(request, release, { world, url: service?.url }, signal);
      if (problem === undefined) continue;
      (problem.answered ? wrong : unanswered).push(`smoke prediction ${index + 1}: ${problem.what}`);
    }
    return { service, asked: requests.length, wrong, unanswered, timing: world.timing };
  },

  next: nextOfSmoke,

  perform: () => Promise.resolve(),
};

/** What is wrong with an answer. `answered`: it is the model's own. */
interface Problem {
  readonly answered: boolean;
  readonly what: string;
}

/** What is wrong with the answer; undefined: nothing. */
async function ask(
  { request, expect, tolerance }: SmokeRequest,
  { plan }: Release,
  { world, url }: { readonly world: ReleaseWorld; readonly url: string | undefined },
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const { service = '', protocol = 'v1' } = plan?.production.serving ?? {};
  if (url === undefined) return { answered: false, what: 'the service does not say where it answers' };
  try {
    const answer = await world.serving.predict({ service, url, protocol, body: request }, signal);
    return problemWith(answer, expect, tolerance);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof RetryableError) return { answered: false, what: messageOf(thrown) };
    throw thrown;
  }
}

/** A gateway answers 502 to 504 in the place of a model that is cold, or on its way. */
function problemWith(
  { status, body, excerpt }: Prediction,
  expect: unknown,
  tolerance: number,
): Problem | undefined {
  if (status !== 200)
    return { answered: status < 502 || status > 504, what: `the model answered ${status}: ${excerpt}` };
  const what = expect === undefined ? undefined : unexpected(expect, body, tolerance);
  return what === undefined ? undefined : { answered: true, what };
}
