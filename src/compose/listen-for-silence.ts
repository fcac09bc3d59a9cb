import { createSilence, type Hearing } from '../adapters/bullmq/silence.ts';
import type { QueueState } from '../domain/operations.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/**
 * Looks several times within `silentMs` whether the worker of this process is deaf. Starting the process again is the one
 * cure for whatever hangs, jobs may be repeated, and every supervisor does it: so nothing is mended in place.
 */
export function listenForSilence(deps: {
  readonly hearing: () => Pick<Hearing, 'lanes' | 'lastBeat'>;
  readonly queues: () => Promise<readonly QueueState[]>;
  readonly silentMs: number;
  readonly clock: Clock;
}): { readonly deaf: Promise<UserError>; stop(): void } {
  const { clock, silentMs } = deps;
  const silence = createSilence(silentMs);
  let stopped = false;
  let cancel = (): void => undefined;

  /** While Redis does not answer at all, nobody is deaf. */
  async function look(): Promise<string | undefined> {
    try {
      const queues = await deps.queues();
      return silence.judge({ ...deps.hearing(), queues }, clock.now());
    } catch {
      return undefined;
    }
  }

  const deaf = new Promise<UserError>((resolve) => {
    function wait(): void {
      cancel = clock.after(silentMs / 4, () => void turn());
    }
    async function turn(): Promise<void> {
      const why = await look();
      if (stopped) return;
      if (why === undefined) wait();
      else resolve(deafError(why));
    }
    wait();
  });

  return {
    deaf,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

function deafError(why: string): UserError {
  const remedy =
    'This process ends so that its supervisor starts it again: nothing is lost. Start it yourself where there is none.';
  return new UserError('worker-deaf', `the worker does nothing any more: ${why}`, remedy);
}
