import { resolveCommit } from '../../git/bare-repository.ts';
import { dequeue } from '../queue/build.ts';
import { tellPullHooks } from '../payloads/pull-request.ts';
import type { Pull } from '../state-pulls.ts';
import type { Act, World } from '../world.ts';
import { measure, moveHead } from './open.ts';

/** What may be edited. */
export interface PullEdit {
  readonly title?: string;
  readonly body?: string;
  readonly base?: string;
}

/** A push to the head branch: `synchronize` with `before` and `after`; a queued one leaves the queue. */
export async function pushToPull(world: World, act: Act, pull: Pull, sha: string): Promise<void> {
  const before = pull.headSha;
  if (before === sha) return;
  await dequeue(world, act, pull, 'BRANCH_PROTECTIONS');
  await moveHead(world, pull, sha);
  pull.updatedAt = world.now();
  await tellPullHooks(world, act, pull, { action: 'synchronize', before, after: sha });
}

/** An edit of title, body or base: `edited` with what was there before. */
export async function editPull(world: World, act: Act, pull: Pull, edit: PullEdit): Promise<void> {
  const before = { title: pull.title, body: pull.body, ref: pull.baseRef, sha: pull.baseSha };
  const changes: Record<string, unknown> = {};
  if (edit.title !== undefined && edit.title !== before.title) {
    pull.title = edit.title;
    changes['title'] = { from: before.title };
  }
  if (edit.body !== undefined && edit.body !== before.body) {
    pull.body = edit.body;
    changes['body'] = { from: before.body ?? '' };
  }
  if (edit.base !== undefined && edit.base !== before.ref) {
    pull.baseRef = edit.base;
    await measure(pull);
    changes['base'] = { ref: { from: before.ref }, sha: { from: before.sha } };
  }
  pull.updatedAt = world.now();
  await tellPullHooks(world, act, pull, { action: 'edited', changes });
}

/** Sets the labels: one event for every label that came or went. */
export async function setLabels(world: World, act: Act, pull: Pull, names: readonly string[]): Promise<void> {
  for (const label of pull.labels) {
    if (names.includes(label.name)) continue;
    pull.labels = pull.labels.filter((entry) => entry !== label);
    await tellPullHooks(world, act, pull, { action: 'unlabeled', label });
  }
  for (const name of names) {
    if (pull.labels.some((label) => label.name === name)) continue;
    const label = { id: world.nextId(), name };
    pull.labels = [...pull.labels, label];
    await tellPullHooks(world, act, pull, { action: 'labeled', label });
  }
}

/** Turns a draft into a proposal, or back. */
export async function setDraft(world: World, act: Act, pull: Pull, draft: boolean): Promise<void> {
  if (pull.draft === draft) return;
  pull.draft = draft;
  pull.updatedAt = world.now();
  await tellPullHooks(world, act, pull, { action: draft ? 'converted_to_draft' : 'ready_for_review' });
}

/** Closes without merging. */
export async function closePull(world: World, act: Act, pull: Pull): Promise<void> {
  await dequeue(world, act, pull, 'MANUAL');
  pull.state = 'closed';
  pull.closedAt = world.now();
  pull.updatedAt = world.now();
  await tellPullHooks(world, act, pull, { action: 'closed' });
}

/** Opens again with what the branch holds now. @throws Error when the branch is gone or it was merged. */
export async function reopenPull(world: World, act: Act, pull: Pull): Promise<void> {
  const from = pull.headRepository;
  const tip = from && (await resolveCommit(from.directory, `refs/heads/${pull.headRef}`));
  if (tip === undefined || pull.mergedAt !== undefined) throw new Error('cannot be opened again');
  pull.state = 'open';
  pull.closedAt = undefined;
  pull.updatedAt = world.now();
  if (tip !== pull.headSha) await moveHead(world, pull, tip);
  await tellPullHooks(world, act, pull, { action: 'reopened' });
}
