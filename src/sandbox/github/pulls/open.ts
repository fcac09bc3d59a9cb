import { resolveCommit, setRef } from '../../git/bare-repository.ts';
import { mergeBase } from '../../git/history.ts';
import { git } from '../../git/run.ts';
import { tellPullHooks } from '../payloads/pull-request.ts';
import type { Repository } from '../state.ts';
import type { Pull, PullStats } from '../state-pulls.ts';
import { fullName, type Act, type World } from '../world.ts';

/** What somebody proposes to merge. */
export interface NewPull {
  /** The fork it comes from; the repository itself unless named. */
  readonly from?: Repository;
  readonly head: string;
  /** The default branch, unless named. */
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly draft?: boolean;
}

/** Opens a pull request: keeps its head at `refs/pull/N/head`, tells the hooks. */
export async function openPull(
  world: World,
  act: Act,
  repository: Repository,
  wanted: NewPull,
): Promise<Pull> {
  const headRepository = wanted.from ?? repository;
  const headSha = await resolveCommit(headRepository.directory, `refs/heads/${wanted.head}`);
  if (headSha === undefined) throw new Error(`no branch ${wanted.head} in ${fullName(headRepository)}`);
  const now = world.now();
  repository.lastNumber += 1;
  const pull: Pull = {
    id: world.nextId(),
    issueId: world.nextId(),
    number: repository.lastNumber,
    repository,
    user: act.user,
    createdAt: now,
    headRepository,
    headRef: wanted.head,
    heads: [],
    headSha,
    baseRef: wanted.base ?? repository.defaultBranch,
    baseSha: headSha,
    title: wanted.title ?? `Change from ${wanted.head}`,
    body: wanted.body,
    labels: (wanted.labels ?? []).map((name) => ({ id: world.nextId(), name })),
    draft: wanted.draft ?? false,
    state: 'open',
    stats: { commits: 0, additions: 0, deletions: 0, changedFiles: 0 },
    mergeable: undefined,
    mergeCommitSha: undefined,
    mergedAt: undefined,
    mergedBy: undefined,
    closedAt: undefined,
    updatedAt: now,
  };
  repository.pulls.push(pull);
  await moveHead(world, pull, headSha);
  await tellPullHooks(world, act, pull, { action: 'opened' });
  return pull;
}

/** Makes a commit the head: its objects, its ref (now, or when the lag is over), what it changes. */
export async function moveHead(world: World, pull: Pull, sha: string): Promise<void> {
  const { repository, headRepository } = pull;
  if (headRepository !== undefined && headRepository !== repository) {
    const fetch = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', headRepository.directory, sha];
    await git(repository.directory, fetch);
  }
  pull.headSha = sha;
  pull.heads.push(sha);
  await measure(pull);
  await movePullRef(world, pull, sha);
}

/** Reads base, size and, anew, mergeability: after a move of the head or another base. */
export async function measure(pull: Pull): Promise<void> {
  const { directory } = pull.repository;
  pull.baseSha = (await resolveCommit(directory, `refs/heads/${pull.baseRef}`)) ?? pull.headSha;
  const from = (await mergeBase(directory, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  pull.stats = await readStats(directory, from, pull.headSha);
  pull.mergeable = undefined;
  pull.mergeCommitSha = undefined;
}

async function readStats(directory: string, from: string, to: string): Promise<PullStats> {
  const commits = Number(await git(directory, ['rev-list', '--count', `${from}..${to}`]));
  const text = await git(directory, ['diff', '--numstat', '--no-renames', from, to]);
  const rows = text.split('\n').filter((line) => line !== '');
  const sum = (column: number): number =>
    rows.reduce((total, row) => total + (Number(row.split('\t')[column]) || 0), 0);
  return { commits, additions: sum(0), deletions: sum(1), changedFiles: rows.length };
}

/** `refs/pull/N/head` moves at once, some time after the webhook, or when a story lets it. */
async function movePullRef(world: World, pull: Pull, sha: string): Promise<void> {
  const move = (): Promise<void> =>
    setRef(pull.repository.directory, `refs/pull/${pull.number}/head`, sha).then(() => undefined);
  const held = world.heldPullRefs.get(pull.repository.id);
  if (held !== undefined) held.push(move);
  else if (world.knobs.pullRefLagMs > 0) world.background.start(move, world.knobs.pullRefLagMs);
  else await move();
}
