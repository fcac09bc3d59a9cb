import { mayPush, requireLevel } from '../access.ts';
import type { Json } from '../api/call.ts';
import { choiceParam, integerParam, textParam } from '../api/params.ts';
import { resolveCommit } from '../../git/bare-repository.ts';
import { branchesContaining } from '../../git/history.ts';
import { createPipeline, settlePipeline } from '../pipelines/create.ts';
import { Refusal, badParameter, forbidden, invalidRecord, notFound } from '../refusal.ts';
import type { CommitStatus, Pipeline, Project } from '../state.ts';
import type { Act, World } from '../world.ts';
import { withStatusLock } from './lock.ts';
import { postedStates, transition, type PostedState } from './machine.ts';

/** A posted status, read and checked. */
interface Posted {
  readonly state: PostedState;
  readonly name: string;
  readonly ref: string | undefined;
  readonly pipelineId: number | undefined;
  readonly targetUrl: string | undefined;
  readonly description: string | undefined;
  readonly coverage: number | undefined;
}

/** Characters, not UTF-16 units. */
const maxLength = 255;
/** Only so many of a commit's newest pipelines are looked at. */
const newest = 100;

/** Posts a status with the server's algorithm, step by step (specs git-hosts 3.5). @throws Refusal. */
export async function postStatus(
  world: World,
  act: Act,
  project: Project,
  request: { readonly sha: string; readonly params: Json },
): Promise<CommitStatus> {
  requireLevel(project, act.user, 30);
  const posted = readPosted(request.params);
  return withStatusLock(world, `${project.id}:${request.sha}`, async () => {
    const sha = await resolveCommit(project.directory, request.sha);
    if (sha === undefined) throw notFound('Commit');
    const matching = matchingPipelines(project, sha, posted)[0];
    const ref = posted.ref ?? matching?.ref ?? (await branchesContaining(project.directory, sha))[0];
    if (ref === undefined) throw notFound('References for commit');
    if (matching === undefined && posted.pipelineId !== undefined)
      throw notFound('Pipeline for pipeline_id, sha and ref');
    const fresh = { project, sha, ref, source: 'external', ciStatus: undefined } as const;
    const pipeline = withRoom(world, posted, matching) ?? createPipeline(world, act, fresh);
    if (!mayUpdate(pipeline, act)) throw forbidden();
    const status = findOrBuild(world, act, { pipeline, name: posted.name, ref });
    apply(world, status, posted);
    await settlePipeline(world, pipeline, act.chain);
    return status;
  });
}

function readPosted(params: Json): Posted {
  const state = choiceParam(params, 'state', postedStates);
  if (state === undefined) throw badParameter('state is missing');
  const coverage = params['coverage'];
  const posted = {
    state,
    name: textParam(params, 'name') ?? textParam(params, 'context') ?? 'default',
    ref: textParam(params, 'ref'),
    pipelineId: integerParam(params, 'pipeline_id'),
    targetUrl: textParam(params, 'target_url'),
    description: textParam(params, 'description'),
    coverage: coverage === undefined ? undefined : Number(coverage),
  };
  if (posted.coverage !== undefined && Number.isNaN(posted.coverage))
    throw badParameter('coverage is invalid');
  const texts = {
    name: posted.name,
    ref: posted.ref,
    target_url: posted.targetUrl,
    description: posted.description,
  };
  const tooLong = Object.entries(texts).filter(([, text]) => Array.from(text ?? '').length > maxLength);
  if (tooLong.length > 0) {
    throw invalidRecord(
      Object.fromEntries(
        tooLong.map(([name]) => [name, [`is too long (maximum is ${maxLength} characters)`]]),
      ),
    );
  }
  if (posted.targetUrl !== undefined && !/^https?:\/\/[^\s]+$/.test(posted.targetUrl)) {
    throw invalidRecord({ target_url: ['is blocked: Only allowed schemes are http, https'] });
  }
  return posted;
}

/** Newest first. */
function matchingPipelines(project: Project, sha: string, posted: Posted): readonly Pipeline[] {
  const ofCommit = project.pipelines
    .filter((pipeline) => pipeline.sha === sha && !pipeline.archived)
    .toReversed();
  return ofCommit
    .slice(0, newest)
    .filter((pipeline) => posted.ref === undefined || pipeline.ref === posted.ref)
    .filter((pipeline) => posted.pipelineId === undefined || pipeline.id === posted.pipelineId);
}

/** A full pipeline is refused when it was named, and silently replaced when it was not. */
function withRoom(world: World, posted: Posted, pipeline: Pipeline | undefined): Pipeline | undefined {
  const jobs = (pipeline?.statuses.length ?? 0) + (pipeline?.ciStatus === undefined ? 0 : 1);
  if (jobs < world.knobs.maxJobsPerPipeline) return pipeline;
  if (posted.pipelineId !== undefined)
    throw new Refusal(422, { message: 'The number of jobs has exceeded the limit' });
  return undefined;
}

function mayUpdate(pipeline: Pipeline, act: Act): boolean {
  const { project, ref } = pipeline;
  return !project.protectedBranches.has(ref) || mayPush(project, act.user, ref);
}

/** Only an unfinished status of the same user is continued: another user's, or a finished one, is left as it is. */
function findOrBuild(
  world: World,
  act: Act,
  wanted: { readonly pipeline: Pipeline; readonly name: string; readonly ref: string },
): CommitStatus {
  const { pipeline, name, ref } = wanted;
  const found = pipeline.statuses.find(
    (status) =>
      status.name === name &&
      status.ref === ref &&
      status.user === act.user &&
      (status.status === 'pending' || status.status === 'running'),
  );
  if (found !== undefined) return found;
  return {
    id: world.nextId(),
    name,
    ref,
    user: act.user,
    pipeline,
    createdAt: world.now(),
    status: 'created',
    targetUrl: undefined,
    description: undefined,
    coverage: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    retried: false,
  };
}

function apply(world: World, status: CommitStatus, posted: Posted): void {
  const next = transition(status.status, posted.state);
  const repeated = world.knobs.idempotentStatuses && status.status === posted.state;
  if ('impossible' in next && !repeated) throw invalidRecord(next.impossible);
  const now = world.now();
  if ('status' in next) status.status = next.status;
  status.targetUrl = posted.targetUrl ?? status.targetUrl;
  status.description = posted.description ?? status.description;
  status.coverage = posted.coverage ?? status.coverage;
  if (status.status !== 'pending') status.startedAt ??= now;
  if (status.status !== 'pending' && status.status !== 'running') status.finishedAt ??= now;
  add(status);
}

/** A new status hides the older ones of its name in the pipeline. */
function add(status: CommitStatus): void {
  const { statuses } = status.pipeline;
  if (statuses.includes(status)) return;
  for (const older of statuses) if (older.name === status.name) older.retried = true;
  statuses.push(status);
}
