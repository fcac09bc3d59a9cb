import type { Finding } from '../../src/domain/finding.ts';
import { decide } from '../../src/domain/decision.ts';
import { toSha } from '../../src/domain/repository.ts';
import type { Sha } from '../../src/domain/repository.ts';
import type { Run } from '../../src/domain/run.ts';
import type { CheckResult, Judgement } from '../../src/domain/verdict.ts';
import type { Access } from '../../src/http/access/visitor.ts';
import { startApp } from '../http/start-app.ts';
import { eventually, startRedis } from '../support/redis.ts';
import { sampleFinding, sampleJudgement, sampleRun } from '../support/sample-run.ts';

/** The pages of a small installation on a free port. */
export type PageWorld = Awaited<ReturnType<typeof createPageWorld>>;

/** Starts Redis and the service, without a worker: tests write the runs themselves. */
export async function createPageWorld(access?: Access) {
  const redis = await startRedis();
  const web = startApp(redis.url, access);
  await eventually('connected', () => web.redis.status === 'ready');
  const url = await web.app.listen({ host: '127.0.0.1', port: 0 });

  /** Writes the run as the newest of its change. */
  async function show(run: Run): Promise<Run> {
    const saved = await web.runStore.saveRun(run);
    await web.runStore.updateSubject(run.subject, (record) => ({
      ...record,
      runId: run.id,
      runFresh: record.fresh,
    }));
    return saved;
  }

  return {
    ...web,
    url,
    keys: redis.client,
    show,
    async write(id: string, ...texts: readonly string[]): Promise<void> {
      for (const msg of texts)
        web.runLog.append(id, JSON.stringify({ level: 30, time: '2026-05-04T10:00:01.000Z', msg }));
      await web.runLog.flush();
    },
    async close(): Promise<void> {
      await web.end();
      await redis.close();
    },
  };
}

/** A commit id that begins with the digits. */
export function shaOf(digits: string): Sha {
  const sha = toSha(digits.padEnd(40, '9e51c7d0'));
  if (sha === undefined) throw new Error(`no hex digits: ${digits}`);
  return sha;
}

/** What tells the runs of a sample apart. */
export interface SampleChange {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly head: string;
  readonly minutesAgo: number;
  readonly repository?: { readonly id: string; readonly path: string };
}

/** A run that has begun. */
export function runOf(
  { id, number, title, head, minutesAgo, repository }: SampleChange,
  fields: Partial<Run> = {},
): Run {
  const { id: repositoryId, path } = repository ?? { id: '12', path: 'ml/auto-mpg' };
  const base = sampleRun();
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return sampleRun({
    id,
    subject: { kind: 'change', host: 'corp', repositoryId, number },
    change: {
      ...base.change,
      repository: { host: 'corp', id: repositoryId, path },
      number,
      title,
      head: shaOf(head),
      url: `https://gitlab.example.com/${path}/-/merge_requests/${number}`,
    },
    base: shaOf('c0ffee'),
    timeline: [{ at, text: `begun for ${shaOf(head).slice(0, 8)}` }],
    ...fields,
  });
}

/** The run with its verdict. */
export function judged(run: Run, judgement: Judgement, fields: Partial<Run> = {}): Run {
  const at = new Date(new Date(run.timeline[0]?.at ?? 0).getTime() + 4000).toISOString();
  return {
    ...run,
    state: 'judged',
    judgement,
    decision: decide(judgement),
    timeline: [...run.timeline, { at, text: `judged: ${judgement.verdict}` }],
    ...fields,
  };
}

const data: CheckResult = {
  check: 'data',
  verdict: 'passed',
  findings: [],
  omittedFindings: 0,
  unknowns: [],
  counts: { metafiles: 3, outputs: 12, objects: 340 },
  wanted: [],
};
const pipeline: CheckResult = { ...data, check: 'pipeline', counts: { pipelines: 1, tasks: 6 } };
const policy: CheckResult = { ...data, check: 'policy', counts: { policies: 1 } };

export function passing(): Judgement {
  return sampleJudgement({ verdict: 'passed', checks: [policy, data, pipeline] });
}

/** Data that was never pushed, a broken reference, a difference. */
export function failing(): Judgement {
  return sampleJudgement({
    base: shaOf('c0ffee'),
    verdict: 'failed',
    checks: [
      policy,
      {
        ...data,
        verdict: 'failed',
        findings: [missing, existing],
        counts: { ...data.counts, outputsProven: 11, objectsProven: 339 },
        wanted: [{ remote: 'storage', url: 's3://auto-mpg/dvc', key: 'files/md5/c4/0f', version: undefined }],
      },
      { ...pipeline, verdict: 'failed', findings: [broken, unpinned] },
    ],
    differences: [
      {
        kind: 'data',
        path: 'data/auto-mpg.csv',
        change: 'modified',
        before: { hash: 'a71dc1', size: 17_980, files: undefined },
        after: { hash: 'c40f78', size: 17_754, files: undefined },
      },
      {
        kind: 'data',
        path: 'data/images',
        change: 'added',
        before: undefined,
        after: { hash: 'd3b07384', size: 1_280_000_000, files: 10_240 },
      },
    ],
    rulesVersion: 'f3c1a09b',
  });
}

/** A remote that does not let us in. */
export function undecided(): Judgement {
  const unknowns = [
    {
      what: 'object files/md5/c4/0f78a149414c5e4aac2680aa96908f on s3://auto-mpg/dvc',
      cause: 'forbidden',
      message: 'The store refuses `HEAD` with 403 AccessDenied.',
      remedy:
        'Let the key of the remote `s3://auto-mpg/dvc/` read objects: `s3:GetObject` and `s3:ListBucket`.',
    },
  ] as const;
  return sampleJudgement({
    verdict: 'undecided',
    checks: [policy, { ...data, verdict: 'undecided', unknowns }, pipeline],
  });
}

const missing: Finding = sampleFinding({
  message:
    '`auto-mpg.csv` (17.8 kB, md5 c40f78a1…) is not in remote `storage` (s3://auto-mpg/dvc): nobody else can read it.',
  file: 'data/auto-mpg.csv.dvc',
  place: { line: 2, column: 8, endLine: 2, endColumn: 40 },
  excerpt: {
    firstLine: 1,
    lines: [
      'outs:',
      '- md5: c40f78a149414c5e4aac2680aa96908f',
      '  size: 17754',
      '  hash: md5',
      '  path: auto-mpg.csv',
    ],
  },
  compared: [],
  repair: 'dvc push data/auto-mpg.csv.dvc',
});

const existing: Finding = sampleFinding({
  severity: 'warning',
  rule: 'data/unversioned-bucket',
  message: 'The bucket `auto-mpg` keeps no versions: what is overwritten is lost.',
  file: '.dvc/config',
  place: { line: 4, column: 5, endLine: 4, endColumn: 28 },
  excerpt: { firstLine: 3, lines: ['[\'remote "storage"\']', '    url = s3://auto-mpg/dvc'] },
  compared: [],
  repair: undefined,
  origin: 'existing',
});

const broken = sampleFinding({
  rule: 'pipeline/undefined-reference',
  message: 'Task `evaluate` waits for `trian`, which is no task of this pipeline. Did you mean `train`?',
  file: 'pipelines/production-pipeline.yaml',
  place: { line: 148, column: 29, endLine: 148, endColumn: 34 },
  excerpt: {
    firstLine: 146,
    lines: [
      '            taskOutputArtifact:',
      '              outputArtifactKey: model',
      '              producerTask: trian',
    ],
  },
  compared: [{ what: 'producerTask', expected: 'prepare, train', actual: 'trian' }],
  repair: undefined,
});

const unpinned = sampleFinding({
  severity: 'warning',
  rule: 'pipeline/shape',
  message: 'The field `pipelineInfo.name` has capitals: newer versions of Kubeflow refuse it.',
  file: 'pipelines/production-pipeline.yaml',
  place: { line: 12, column: 9, endLine: 12, endColumn: 26 },
  excerpt: { firstLine: 11, lines: ['pipelineInfo:', '  name: Auto-MPG-training'] },
  compared: [],
  repair: undefined,
});

const looks = {
  count: 4,
  since: '2026-05-04T10:00:00.000Z',
  next: new Date(Date.now() + 7 * 60_000).toISOString(),
};
const other = { id: '31', path: 'ml/churn/features' };
const history = 'Drop cars of unknown horsepower';

/** A morning in two repositories: every state once. */
export async function showSamples({ show, write }: Pick<PageWorld, 'show' | 'write'>): Promise<void> {
  const runs: readonly Run[] = [
    judged(runOf({ id: 'first', number: 7, title: history, head: '1a2b3c4d', minutesAgo: 190 }), failing()),
    runOf({ id: 'second', number: 7, title: history, head: '77ab', minutesAgo: 15 }, { state: 'superseded' }),
    judged(
      runOf({ id: 'tidy', number: 5, title: 'Tidy the pipeline', head: 'ab12', minutesAgo: 95 }),
      passing(),
    ),
    judged(
      runOf({ id: 'docs', number: 3, title: 'Explain how to train', head: 'd0c5', minutesAgo: 70 }),
      sampleJudgement({ verdict: 'passed', checks: [{ ...data, counts: {} }] }),
    ),
    judged(
      runOf({
        id: 'features',
        number: 41,
        title: 'Features of the second quarter',
        head: 'fea7',
        minutesAgo: 34,
        repository: other,
      }),
      undecided(),
    ),
    runOf(
      {
        id: 'closed',
        number: 40,
        title: 'Try another encoder',
        head: 'c105ed',
        minutesAgo: 31,
        repository: other,
      },
      { state: 'cancelled' },
    ),
    judged(runOf({ id: 'failed', number: 7, title: history, head: 'b4d1dea5', minutesAgo: 12 }), failing(), {
      looks,
    }),
    runOf({
      id: 'running',
      number: 42,
      title: 'Retrain weekly',
      head: '5eed',
      minutesAgo: 0,
      repository: other,
    }),
  ];
  for (const run of runs) {
    await show(run);
    // The index has milliseconds; runs of one are in no order.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const steps = [
    'judging the merge result',
    'reading 3 metafiles',
    'asking s3://auto-mpg/dvc for 340 objects',
  ];
  for (const id of ['failed', 'running']) await write(id, ...steps);
}
