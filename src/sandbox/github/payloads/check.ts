import { callHooks } from '../hooks/send.ts';
import { presentRun, presentSuite } from '../checks/present.ts';
import type { CheckRun, CheckSuite } from '../state-checks.ts';
import type { Act, World } from '../world.ts';
import { headCommit } from './commit.ts';

/** What happened to a check run; re-runs and buttons are told only to the App that owns it. */
export type RunEvent =
  | { readonly action: 'created' | 'completed' | 'rerequested' }
  | { readonly action: 'requested_action'; readonly requested_action: { readonly identifier: string } };

/** Sends `check_run`. */
export async function tellRunHooks(world: World, act: Act, run: CheckRun, event: RunEvent): Promise<void> {
  const { action, ...rest } = event;
  const { suite } = run;
  const owned = action === 'rerequested' || action === 'requested_action' ? { onlyApp: suite.app } : {};
  await callHooks(world, act, suite.repository, {
    event: 'check_run',
    action,
    permissions: ['checks'],
    ...owned,
    payload: () => ({
      check_run: { ...presentRun(world, run), check_suite: presentSuite(world, suite) },
      ...rest,
    }),
  });
}

/** Sends `check_suite`; requests are told only to the App that owns it. */
export async function tellSuiteHooks(
  world: World,
  act: Act,
  suite: CheckSuite,
  action: 'requested' | 'rerequested' | 'completed',
): Promise<void> {
  await callHooks(world, act, suite.repository, {
    event: 'check_suite',
    action,
    permissions: ['checks'],
    ...(action === 'completed' ? {} : { onlyApp: suite.app }),
    payload: async () => ({
      check_suite: {
        ...presentSuite(world, suite),
        head_commit: await headCommit(suite.repository, suite.headSha),
      },
    }),
  });
}
