import { presentApp } from '../apps/present.ts';
import { latestRuns } from '../protection.ts';
import { presentPullBriefly } from '../pulls/present.ts';
import { apiOf, pageOf } from '../repositories/urls.ts';
import type { Annotation, CheckRun, CheckSuite } from '../state-checks.ts';
import { time } from '../times.ts';
import { nodeId, type World } from '../world.ts';

type Shown = Readonly<Record<string, unknown>>;

/** A check run as answers show it. */
export function presentRun(world: World, run: CheckRun): Shown {
  const { suite } = run;
  const url = `${apiOf(world, suite.repository)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: suite.headSha,
    external_id: run.externalId ?? '',
    url,
    html_url: `${pageOf(world, suite.repository)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${world.url}/apps/${suite.app.slug}`,
    status: run.status,
    conclusion: run.conclusion ?? null,
    started_at: time(run.startedAt),
    completed_at: time(run.completedAt),
    output: {
      title: run.title ?? null,
      summary: run.summary ?? null,
      text: run.text ?? null,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: suite.id },
    app: presentApp(world, suite.app),
    pull_requests: pullsOf(world, suite),
  };
}

/** A check suite as payloads show it. */
export function presentSuite(world: World, suite: CheckSuite): Shown {
  const runs = runsOf(suite);
  const url = `${apiOf(world, suite.repository)}/check-suites/${suite.id}`;
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch ?? null,
    head_sha: suite.headSha,
    ...standing(suite, runs),
    url,
    before: suite.before ?? null,
    after: suite.headSha,
    pull_requests: pullsOf(world, suite),
    app: presentApp(world, suite.app),
    created_at: time(suite.createdAt),
    updated_at: time(suite.updatedAt),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  };
}

/** The newest run of every name in a suite. */
export function runsOf(suite: CheckSuite): readonly CheckRun[] {
  return latestRuns(suite.repository.checkRuns.filter((run) => run.suite === suite));
}

/** An annotation as the list shows it. */
export function presentAnnotation(world: World, run: CheckRun, annotation: Annotation): Shown {
  const { suite } = run;
  return {
    path: annotation.path,
    blob_href: `${pageOf(world, suite.repository)}/blob/${suite.headSha}/${annotation.path}`,
    start_line: annotation.startLine,
    start_column: annotation.startColumn ?? null,
    end_line: annotation.endLine,
    end_column: annotation.endColumn ?? null,
    annotation_level: annotation.level,
    title: annotation.title ?? null,
    message: annotation.message,
    raw_details: annotation.rawDetails ?? null,
  };
}

/** Open pull requests of the repository itself at that head; those of forks are never listed (specs git-hosts 2.2). */
function pullsOf(world: World, suite: CheckSuite): readonly Shown[] {
  const { repository, headSha } = suite;
  const found = repository.pulls.filter(
    (pull) => pull.state === 'open' && pull.headSha === headSha && pull.headRepository === repository,
  );
  return found.map((pull) => presentPullBriefly(world, pull));
}

const severity = [
  'failure',
  'timed_out',
  'action_required',
  'cancelled',
  'stale',
  'success',
  'neutral',
  'skipped',
];

/** What its runs make of a suite. */
function standing(suite: CheckSuite, runs: readonly CheckRun[]): Shown {
  if (suite.rerequested || runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.every((run) => run.status === 'completed')) {
    const worst = severity.find((conclusion) => runs.some((run) => run.conclusion === conclusion));
    return { status: 'completed', conclusion: worst ?? null };
  }
  const idle = runs.every((run) => run.status === 'queued');
  return { status: idle ? 'queued' : 'in_progress', conclusion: null };
}
