import { openRepository } from '../access.ts';
import { ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { choiceParam, textParam } from '../api/params.ts';
import { resolveCommit } from '../../git/bare-repository.ts';
import { Refusal, notFound } from '../refusal.ts';
import type { Repository } from '../state.ts';
import type { Pull } from '../state-pulls.ts';
import type { World } from '../world.ts';
import { askMergeable } from './mergeability.ts';
import { presentPull, presentPullFully } from './present.ts';

const reading = { any: ['pull_requests'], access: 'read' } as const;

/** Pull requests: the list with its usual filters, one, and those of a commit. */
export function pullRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/repos/:owner/:repo/pulls', handle: list },
    { method: 'GET', pattern: '/repos/:owner/:repo/pulls/:number', handle: show },
    { method: 'GET', pattern: '/repos/:owner/:repo/commits/:sha/pulls', handle: listOfCommit },
  ];

  function list(call: Call): Answer {
    const repository = openRepository(world, call, reading);
    const state = choiceParam(call.params, 'state', ['open', 'closed', 'all']) ?? 'open';
    const by =
      choiceParam(call.params, 'sort', ['created', 'updated', 'popularity', 'long-running']) ?? 'created';
    const direction =
      choiceParam(call.params, 'direction', ['asc', 'desc']) ?? (by === 'created' ? 'desc' : 'asc');
    const head = textParam(call.params, 'head');
    const base = textParam(call.params, 'base');
    const wanted = repository.pulls.filter(
      (pull) =>
        (state === 'all' || pull.state === state) &&
        (base === undefined || pull.baseRef === base) &&
        (head === undefined || `${pull.headRepository?.owner.login}:${pull.headRef}` === head),
    );
    const key = by === 'updated' ? 'updatedAt' : 'createdAt';
    const sign = direction === 'asc' ? 1 : -1;
    const sorted = wanted.toSorted(
      (one, other) => (one[key].getTime() - other[key].getTime() || one.number - other.number) * sign,
    );
    return paged(call, sorted, (pull) => inVersion(call, presentPull(world, pull)));
  }

  function show(call: Call): Answer {
    const repository = openRepository(world, call, reading);
    const pull = pullOf(repository, call.path['number'] ?? '');
    const answer = ok(inVersion(call, presentPullFully(world, pull)));
    askMergeable(world, pull);
    return answer;
  }

  async function listOfCommit(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, reading);
    const named = call.path['sha'] ?? '';
    const sha = await resolveCommit(repository.directory, named);
    if (sha === undefined) throw new Refusal(422, { message: `No commit found for SHA: ${named}` });
    const touching = repository.pulls.filter(
      (pull) => pull.heads.includes(sha) || (pull.mergedAt !== undefined && pull.mergeCommitSha === sha),
    );
    return paged(call, touching, (pull) => inVersion(call, presentPull(world, pull)));
  }
}

/** The pull request of a number. @throws Refusal 404. */
export function pullOf(repository: Repository, number: string): Pull {
  const found = repository.pulls.find((pull) => String(pull.number) === number);
  if (found === undefined) throw notFound();
  return found;
}

/** The API version of 2026 dropped two fields (specs git-hosts 4.1). */
function inVersion(call: Call, shown: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (call.headers['x-github-api-version'] !== '2026-03-10') return shown;
  const { merge_commit_sha: _sha, assignee: _assignee, ...rest } = shown;
  return rest;
}
