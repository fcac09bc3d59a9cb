import { resolveCommit, zeroSha, readRefs, type RefChange } from '../../git/bare-repository.ts';
import { isAncestor, readCommit, readCommits, type CommitInfo } from '../../git/history.ts';
import { callHooks } from '../hooks/send.ts';
import { presentRepository } from '../repositories/present.ts';
import { pageOf } from '../repositories/urls.ts';
import type { Repository } from '../state.ts';
import { seconds } from '../times.ts';
import { emailOf, presentUser } from '../users/present.ts';
import type { Act, World } from '../world.ts';
import { pushCommits } from './commit.ts';

type Shown = Readonly<Record<string, unknown>>;

/** A push carries so many commits at most (specs git-hosts 2.2). */
const maxCommits = 2_048;
/** More tags than this at once, and none is told. */
const maxTags = 3;

/** Sends `push` for every branch and tag. */
export async function sendPushHooks(
  world: World,
  act: Act,
  repository: Repository,
  changes: readonly RefChange[],
): Promise<void> {
  const tags = changes.filter((change) => change.ref.startsWith('refs/tags/'));
  for (const change of changes) {
    const isTag = change.ref.startsWith('refs/tags/');
    if (isTag ? tags.length > maxTags : !change.ref.startsWith('refs/heads/')) continue;
    await callHooks(world, act, repository, {
      event: 'push',
      permissions: ['contents'],
      payload: () => pushPayload(world, act, repository, change),
      repository: pushedRepository(world, repository),
    });
  }
}

async function pushPayload(
  world: World,
  act: Act,
  repository: Repository,
  change: RefChange,
): Promise<Shown> {
  const created = change.old === zeroSha;
  const deleted = change.new === zeroSha;
  const { directory } = repository;
  const commits = deleted ? [] : (await newCommits(repository, change)).toReversed();
  const tip = deleted ? undefined : await resolveCommit(directory, change.new);
  const head =
    tip === undefined ? [] : await pushCommits(world, repository, [await readCommit(directory, tip)]);
  return {
    ref: change.ref,
    before: change.old,
    after: change.new,
    created,
    deleted,
    forced: !created && !deleted && !(await isAncestor(directory, change.old, change.new)),
    base_ref: created ? ((await sameTip(repository, change)) ?? null) : null,
    compare: `${pageOf(world, repository)}/compare/${change.old.slice(0, 12)}...${change.new.slice(0, 12)}`,
    commits: await pushCommits(world, repository, commits.slice(0, maxCommits)),
    head_commit: head[0] ?? null,
    pusher: { name: act.user.login, email: emailOf(act.user) },
  };
}

/** Newest first; a new branch brings what the default branch does not have, a tag nothing. */
async function newCommits(repository: Repository, change: RefChange): Promise<readonly CommitInfo[]> {
  const { directory, defaultBranch } = repository;
  if (change.ref.startsWith('refs/tags/')) return [];
  if (change.old !== zeroSha) return readCommits(directory, [`${change.old}..${change.new}`]);
  const main = `refs/heads/${defaultBranch}`;
  const known = change.ref === main ? undefined : await resolveCommit(directory, main);
  return readCommits(directory, known === undefined ? [change.new] : [`${known}..${change.new}`]);
}

async function sameTip(repository: Repository, change: RefChange): Promise<string | undefined> {
  const refs = await readRefs(repository.directory);
  const found = [...refs].find(
    ([ref, sha]) => ref.startsWith('refs/heads/') && ref !== change.ref && sha === change.new,
  );
  return found?.[0];
}

/** In a push some fields of the repository differ: times are numbers, the owner has name and address. */
function pushedRepository(world: World, repository: Repository): Shown {
  const { owner } = repository;
  return {
    ...presentRepository(world, repository),
    owner: { ...presentUser(world, owner), name: owner.login, email: emailOf(owner) },
    url: pageOf(world, repository),
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
    ...(owner.type === 'Organization' ? { organization: owner.login } : {}),
  };
}
