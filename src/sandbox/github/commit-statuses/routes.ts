import { openRepository } from '../access.ts';
import { actOf } from '../api/act.ts';
import { created, ok, type Answer, type Call, type Route } from '../api/call.ts';
import { lengthOf } from '../api/length.ts';
import { paged } from '../api/paging.ts';
import { choiceParam, textParam } from '../api/params.ts';
import { commitOf } from '../checks/routes.ts';
import { Refusal, invalidRequest, validationFailed } from '../refusal.ts';
import { presentRepository } from '../repositories/present.ts';
import { apiOf } from '../repositories/urls.ts';
import type { Repository } from '../state.ts';
import type { CommitStatus } from '../state-checks.ts';
import { time } from '../times.ts';
import { presentUser } from '../users/present.ts';
import { nodeId, type World } from '../world.ts';

const reading = { any: ['statuses'], access: 'read' } as const;
const writing = { any: ['statuses'], access: 'write' } as const;
const maxDescription = 140;
const maxPerContext = 1_000;

/** Commit statuses (specs git-hosts 3.2). */
export function commitStatusRoutes(world: World): readonly Route[] {
  return [
    { method: 'POST', pattern: '/repos/:owner/:repo/statuses/:sha', handle: create },
    { method: 'GET', pattern: '/repos/:owner/:repo/commits/:ref/statuses', handle: list },
    { method: 'GET', pattern: '/repos/:owner/:repo/commits/:ref/status', handle: combine },
  ];

  async function create(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, writing);
    const sha = await commitOf(repository, call.path['sha'] ?? '');
    const status = readStatus(world, call, sha);
    const same = repository.statuses.filter(
      (entry) => entry.sha === sha && entry.context.toLowerCase() === status.context.toLowerCase(),
    );
    if (same.length >= maxPerContext)
      throw new Refusal(422, { message: 'This SHA and context has reached the maximum number of statuses.' });
    repository.statuses.push(status);
    return created(present(repository, status));
  }

  async function list(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, reading);
    const statuses = await statusesOfRef(repository, call);
    return paged(call, statuses.toReversed(), (status) => present(repository, status));
  }

  async function combine(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, reading);
    const sha = await commitOf(repository, call.path['ref'] ?? '');
    const newest = latestStatuses(await statusesOfRef(repository, call));
    const api = apiOf(world, repository);
    return ok({
      state: combined(newest),
      statuses: newest.map((status) => {
        const { creator: _creator, ...shown } = present(repository, status);
        return shown;
      }),
      sha,
      total_count: newest.length,
      repository: presentRepository(world, repository),
      commit_url: `${api}/commits/${sha}`,
      url: `${api}/commits/${sha}/status`,
    });
  }

  function present(repository: Repository, status: CommitStatus): Readonly<Record<string, unknown>> {
    return {
      url: `${apiOf(world, repository)}/statuses/${status.sha}`,
      avatar_url: `${world.url}/avatars/u/${status.creator.id}`,
      id: status.id,
      node_id: nodeId('SC', status.id),
      state: status.state,
      description: status.description ?? null,
      target_url: status.targetUrl ?? null,
      context: status.context,
      created_at: time(status.createdAt),
      updated_at: time(status.createdAt),
      creator: presentUser(world, status.creator),
    };
  }
}

function readStatus(world: World, call: Call, sha: string): CommitStatus {
  const { params } = call;
  const state = choiceParam(params, 'state', ['error', 'failure', 'pending', 'success']);
  if (state === undefined) throw invalidRequest('"state" wasn\'t supplied.');
  const description = textParam(params, 'description');
  if (description !== undefined && lengthOf(description) > maxDescription)
    throw tooLong('description', maxDescription);
  const targetUrl = textParam(params, 'target_url');
  if (targetUrl !== undefined && targetUrl !== '' && !/^https?:\/\//.test(targetUrl))
    throw validationFailed({
      resource: 'Status',
      field: 'target_url',
      code: 'custom',
      message: 'must use http(s) scheme',
    });
  return {
    id: world.nextId(),
    sha,
    state,
    context: textParam(params, 'context') ?? 'default',
    description,
    targetUrl,
    creator: actOf(call).user,
    createdAt: world.now(),
  };
}

function tooLong(field: string, maximum: number): Refusal {
  const message = `${field} is too long (maximum is ${maximum} characters)`;
  return validationFailed({ resource: 'Status', field, code: 'custom', message });
}

async function statusesOfRef(repository: Repository, call: Call): Promise<readonly CommitStatus[]> {
  const sha = await commitOf(repository, call.path['ref'] ?? '');
  return repository.statuses.filter((status) => status.sha === sha);
}

function latestStatuses(statuses: readonly CommitStatus[]): readonly CommitStatus[] {
  const newest = new Map(statuses.map((status) => [status.context.toLowerCase(), status]));
  return [...newest.values()];
}

/** Failure where one failed, pending where one is or there is none, success otherwise. */
function combined(statuses: readonly CommitStatus[]): string {
  if (statuses.some((status) => status.state === 'failure' || status.state === 'error')) return 'failure';
  const open = statuses.length === 0 || statuses.some((status) => status.state === 'pending');
  return open ? 'pending' : 'success';
}
