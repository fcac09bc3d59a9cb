import { openWorkingCopy } from '../adapters/git/working-copy.ts';
import { createLocalStores } from '../adapters/object-store/open-local-stores.ts';
import { createClock } from '../adapters/system/clock.ts';
import { readTextLater } from '../adapters/system/read-text.ts';
import { decide } from '../domain/decision.ts';
import type { RuleDescription } from '../domain/finding.ts';
import type { Reading } from '../domain/reading.ts';
import type { Decision } from '../domain/run.ts';
import type { Judgement } from '../domain/verdict.ts';
import { judge } from '../gate/judge.ts';
import { defaultLimits } from '../limits.ts';
import { createDispatchers, proxyFrom } from '../net/dispatchers.ts';
import type { LocalTarget } from '../rules/change/index.ts';
import { ruleDescriptions } from '../rules/index.ts';
import { personalStores } from './personal-stores.ts';

/** What a person at a terminal asks for. */
export interface CheckRequest {
  /** Any directory of the working copy. */
  readonly directory: string;
  /** A branch, tag or commit to merge into; undefined: the remote's default branch. */
  readonly target: string | undefined;
  /** Judge HEAD even where the files differ from it. */
  readonly committed: boolean;
  /** Tells a waiting person what takes its time. */
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** The verdict on a working copy, and what was read for it. */
export interface CheckedCopy {
  readonly judgement: Judgement;
  readonly decision: Decision;
  readonly reading: Reading;
  readonly rules: readonly RuleDescription[];
}

/**
 * Judges the merge of a working copy into its target, without a server. The data remotes are reached as DVC on this
 * machine would reach them.
 * @throws UserError when there is no repository, no target, no commit.
 */
export async function judgeWorkingCopy(
  request: CheckRequest,
  surroundings: { readonly env: Readonly<Record<string, string | undefined>>; readonly home: string },
): Promise<CheckedCopy> {
  const { env, home } = surroundings;
  const { target, committed, signal } = request;
  const copy = await openWorkingCopy(request.directory, { target, committed, environment: env, signal });
  const dispatchers = createDispatchers({ proxy: proxyFrom(env) });
  const deps = { dispatchers, clock: createClock(), random: Math.random, env, home, readFile: readTextLater };
  try {
    const stores = createLocalStores({ ...deps, directory: copy.root });
    const judgement = await judge(
      copy.snapshot,
      {
        stores: await personalStores(stores, copy.root, { env, home }),
        limits: defaultLimits,
        targetBranch: branchOf(copy.reading),
        localTarget: localTarget(copy.reading),
        progress: request.progress,
      },
      signal,
    );
    return { judgement, decision: decide(judgement), reading: copy.reading, rules: ruleDescriptions };
  } finally {
    await copy.close();
    await dispatchers.close();
  }
}

/** The target as commands on this machine have to name it. */
function localTarget({ target, targetIsFetched }: Reading): LocalTarget {
  return { name: target.name ?? target.sha, isFetched: targetIsFetched };
}

/** The target's name at its remote: `main`, where the laptop calls it `origin/main`. */
function branchOf({ target }: Reading): string {
  return target.name?.replace(/^origin\//, '') ?? target.sha;
}
