import { callHooks } from '../hooks/send.ts';
import { presentLabel, presentPullFully } from '../pulls/present.ts';
import type { Label, Pull } from '../state-pulls.ts';
import type { Act, World } from '../world.ts';

/** What happened to a pull request, with what only that action carries. */
export interface PullEvent {
  readonly action:
    | 'opened'
    | 'synchronize'
    | 'edited'
    | 'labeled'
    | 'unlabeled'
    | 'closed'
    | 'reopened'
    | 'ready_for_review'
    | 'converted_to_draft'
    | 'enqueued'
    | 'dequeued';
  readonly before?: string;
  readonly after?: string;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly label?: Label;
  readonly reason?: string;
}

/** Sends `pull_request`. */
export async function tellPullHooks(world: World, act: Act, pull: Pull, event: PullEvent): Promise<void> {
  const { action, label, ...rest } = event;
  const { repository } = pull;
  const own = label === undefined ? rest : { ...rest, label: presentLabel(world, repository, label) };
  await callHooks(world, act, repository, {
    event: 'pull_request',
    action,
    permissions: ['pull_requests'],
    payload: () => ({ number: pull.number, pull_request: presentPullFully(world, pull), ...own }),
  });
}
