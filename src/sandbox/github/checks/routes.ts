import { resolveCommit } from '../../git/bare-repository.ts';
import { openRepository, requireInstallation } from '../access.ts';
import { actOf } from '../api/act.ts';
import { created, ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { choiceParam, requiredText, textParam } from '../api/params.ts';
import { tellSuiteHooks } from '../payloads/check.ts';
import { latestRuns } from '../protection.ts';
import { Refusal, forbidden, notFound } from '../refusal.ts';
import type { Repository } from '../state.ts';
import type { CheckRun } from '../state-checks.ts';
import type { World } from '../world.ts';
import { presentAnnotation, presentRun } from './present.ts';
import { readRunFields } from './read-fields.ts';
import { createRun, rerequestRun, updateRun } from './write.ts';

const reading = { any: ['checks'], access: 'read' } as const;
const writing = { any: ['checks'], access: 'write' } as const;
const one = '/repos/:owner/:repo/check-runs/:id';

/** Check runs: Apps write them, those with a permission read them. */
export function checkRoutes(world: World): readonly Route[] {
  return [
    { method: 'POST', pattern: '/repos/:owner/:repo/check-runs', handle: create },
    { method: 'GET', pattern: one, handle: (call) => ok(presentRun(world, runOf(call, reading))) },
    { method: 'PATCH', pattern: one, handle: update },
    { method: 'GET', pattern: `${one}/annotations`, handle: listAnnotations },
    { method: 'POST', pattern: `${one}/rerequest`, handle: rerequest },
    { method: 'POST', pattern: '/repos/:owner/:repo/check-suites/:id/rerequest', handle: rerequestSuite },
    { method: 'GET', pattern: '/repos/:owner/:repo/commits/:ref/check-runs', handle: listOfRef },
  ];

  async function create(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, writing);
    const { app } = requireInstallation(call);
    const fields = readRunFields(call.params, 'create');
    const sha = await commitOf(repository, requiredText(call.params, 'head_sha'));
    const run = await createRun(world, { user: app.bot, app }, { repository, sha }, fields);
    return created(presentRun(world, run));
  }

  async function update(call: Call): Promise<Answer> {
    const run = ownRun(call);
    await updateRun(world, actOf(call), run, readRunFields(call.params, 'update'));
    return ok(presentRun(world, run));
  }

  function listAnnotations(call: Call): Answer {
    const run = runOf(call, reading);
    return paged(call, run.annotations, (annotation) => presentAnnotation(world, run, annotation));
  }

  async function rerequest(call: Call): Promise<Answer> {
    await rerequestRun(world, actOf(call), runOf(call, writing));
    return created({});
  }

  async function rerequestSuite(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, writing);
    const suite = repository.checkSuites.find((entry) => String(entry.id) === call.path['id']);
    if (suite === undefined) throw notFound();
    suite.rerequested = true;
    await tellSuiteHooks(world, actOf(call), suite, 'rerequested');
    return created({});
  }

  async function listOfRef(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, reading);
    const sha = await commitOf(repository, call.path['ref'] ?? '');
    const filter = choiceParam(call.params, 'filter', ['latest', 'all']) ?? 'latest';
    const status = choiceParam(call.params, 'status', ['queued', 'in_progress', 'completed']);
    const name = textParam(call.params, 'check_name');
    const app = textParam(call.params, 'app_id');
    const onCommit = repository.checkRuns.filter((run) => run.suite.headSha === sha);
    const chosen = filter === 'latest' ? latestRuns(onCommit) : onCommit.toReversed();
    const wanted = chosen.filter(
      (run) =>
        (status === undefined || run.status === status) &&
        (name === undefined || run.name === name) &&
        (app === undefined || String(run.suite.app.id) === app),
    );
    return paged(
      call,
      wanted,
      (run) => presentRun(world, run),
      (shown, total) => ({ total_count: total, check_runs: shown }),
    );
  }

  function runOf(call: Call, needs: typeof reading | typeof writing): CheckRun {
    const repository = openRepository(world, call, needs);
    const found = repository.checkRuns.find((run) => String(run.id) === call.path['id']);
    if (found === undefined) throw notFound();
    return found;
  }

  /** Only the App that made a run changes it. */
  function ownRun(call: Call): CheckRun {
    const run = runOf(call, writing);
    if (requireInstallation(call).app === run.suite.app) return run;
    throw forbidden(
      'Invalid app_id `app_id` - check run can only be modified by the GitHub App that created it.',
    );
  }
}

/** The commit of a SHA or ref. @throws Refusal 422 where there is none. */
export async function commitOf(repository: Repository, name: string): Promise<string> {
  const short = name.replace(/^(?=(?:heads|tags|pull)\/)/, 'refs/');
  const sha = await resolveCommit(repository.directory, short);
  if (sha === undefined) throw new Refusal(422, { message: `No commit found for SHA: ${name}` });
  return sha;
}
