import { unexpected } from '../../../domain/smoke.ts';
import type { SmokeRequest } from '../../../domain/policy.ts';
import type { Release } from '../../../domain/release.ts';
import { messageOf, RetryableError } from '../../../errors.ts';
import type { Prediction } from '../../../ports/serving.ts';
import type { Phase } from '../../phase.ts';
import type { ReleaseWorld } from '../../world.ts';
import { nextOfSmoke, type SmokeSeen } from './next.ts';

/** Predictions that the new model is asked for before it is called done. Asking changes nothing. */
export const smoke: Phase<SmokeSeen, never> = {
  name: 'smoke',

  async observe(release, world, signal) {
    const { service: name = '', smoke: requests = [] } = release.plan?.production.serving ?? {};
    const service = await world.serving.read(name, signal);
    const problems: string[] = [];
    for (const [index, request] of requests.entries()) {
      const problem = await ask(request, release, { world, url: service?.url }, signal);
      if (problem !== undefined) problems.push(`smoke prediction ${index + 1}: ${problem}`);
    }
    return { service, asked: requests.length, problems, timing: world.timing };
  },

  next: nextOfSmoke,
  perform: () => Promise.resolve(),
};

/** What is wrong with the answer; undefined: nothing. */
async function ask(
  { request, expect, tolerance }: SmokeRequest,
  { plan }: Release,
  { world, url }: { readonly world: ReleaseWorld; readonly url: string | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { service = '', protocol = 'v1' } = plan?.production.serving ?? {};
  if (url === undefined) return 'the service does not say where it answers';
  try {
    const answer = await world.serving.predict({ service, url, protocol, body: request }, signal);
    return wrong(answer, expect, tolerance);
  } catch (thrown) {
    signal.throwIfAborted();
    // A new model that cannot be reached is a finding about it, like a wrong answer: it is asked again for a while.
    if (thrown instanceof RetryableError) return messageOf(thrown);
    throw thrown;
  }
}

function wrong(
  { status, body, excerpt }: Prediction,
  expect: unknown,
  tolerance: number,
): string | undefined {
  if (status !== 200) return `the model answered ${status}: ${excerpt}`;
  return expect === undefined ? undefined : unexpected(expect, body, tolerance);
}
