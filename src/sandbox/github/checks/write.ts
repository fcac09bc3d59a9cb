import { tellRunHooks, tellSuiteHooks } from '../payloads/check.ts';
import { invalidRequest } from '../refusal.ts';
import type { App, Repository } from '../state.ts';
import type { CheckRun } from '../state-checks.ts';
import type { Act, World } from '../world.ts';
import { runsOf } from './present.ts';
import type { RunFields } from './read-fields.ts';
import { suiteOf } from './suites.ts';

/** Older runs of one name in one suite are dropped beyond this (specs git-hosts 3.1). */
const maxRunsOfName = 1_000;

/** Adds a check run to a commit; an older one of that name stays, and counts no more. */
export async function createRun(
  world: World,
  act: Act & { readonly app: App },
  at: { readonly repository: Repository; readonly sha: string },
  fields: RunFields,
): Promise<CheckRun> {
  const now = world.now();
  const suite = suiteOf(world, at.repository, act.app, at.sha);
  const run: CheckRun = {
    id: world.nextId(),
    suite,
    createdAt: now,
    annotations: [...fields.annotations],
    name: fields.name ?? '',
    status: fields.status ?? 'queued',
    conclusion: fields.conclusion,
    externalId: fields.externalId,
    detailsUrl: fields.detailsUrl,
    startedAt: fields.startedAt ?? now,
    completedAt: fields.status === 'completed' ? (fields.completedAt ?? now) : undefined,
    title: fields.title,
    summary: fields.summary,
    text: fields.text,
    actions: fields.actions ?? [],
  };
  prune(at.repository, run);
  at.repository.checkRuns.push(run);
  suite.rerequested = false;
  suite.updatedAt = now;
  await tellRunHooks(world, act, run, { action: 'created' });
  if (run.status === 'completed') await tellCompleted(world, act, run);
  return run;
}

/**
 * Changes a check run; annotations are added to those it has. A completed one does not start again: the official
 * pages are silent there, and whoever needs it creates a new run.
 * @throws Refusal 422.
 */
export async function updateRun(world: World, act: Act, run: CheckRun, fields: RunFields): Promise<void> {
  const was = run.status;
  if (was === 'completed' && fields.status !== undefined && fields.status !== 'completed')
    throw invalidRequest('A completed check run cannot be set in progress again; create a new one.');
  run.name = fields.name ?? run.name;
  run.status = fields.status ?? run.status;
  run.conclusion = fields.conclusion ?? run.conclusion;
  run.externalId = fields.externalId ?? run.externalId;
  run.detailsUrl = fields.detailsUrl ?? run.detailsUrl;
  run.startedAt = fields.startedAt ?? run.startedAt;
  run.title = fields.title ?? run.title;
  run.summary = fields.summary ?? run.summary;
  run.text = fields.text ?? run.text;
  run.actions = fields.actions ?? run.actions;
  run.annotations.push(...fields.annotations);
  if (run.status === 'completed') run.completedAt = fields.completedAt ?? run.completedAt ?? world.now();
  run.suite.rerequested = false;
  run.suite.updatedAt = world.now();
  if (was !== 'completed' && run.status === 'completed') await tellCompleted(world, act, run);
}

async function tellCompleted(world: World, act: Act, run: CheckRun): Promise<void> {
  await tellRunHooks(world, act, run, { action: 'completed' });
  const all = runsOf(run.suite);
  if (all.every((entry) => entry.status === 'completed'))
    await tellSuiteHooks(world, act, run.suite, 'completed');
}

function prune(repository: Repository, run: CheckRun): void {
  const same = repository.checkRuns.filter((entry) => entry.suite === run.suite && entry.name === run.name);
  const [oldest] = same;
  if (oldest !== undefined && same.length >= maxRunsOfName)
    repository.checkRuns.splice(repository.checkRuns.indexOf(oldest), 1);
}

/** Somebody asks for one run again: the suite is queued, the run itself stays as it is, its App is told. */
export async function rerequestRun(world: World, act: Act, run: CheckRun): Promise<void> {
  run.suite.rerequested = true;
  await tellRunHooks(world, act, run, { action: 'rerequested' });
}
