import { createHash } from 'node:crypto';
import type { CommitStatus, MergeRequest } from '../../sandbox/gitlab/state.ts';
import type { Narrator } from './narrate.ts';
import { dvcPush, type DemoWorld } from './world.ts';

const pipeline = 'pipelines/production-pipeline.yaml';
const pointer = 'data/auto-mpg.csv.dvc';

/** Three things that happen in a repository, and what modelgate says to them. */
export async function playStory(world: DemoWorld, tell: Narrator, stop: AbortSignal): Promise<void> {
  const { gitlab, s3, project } = world;
  dvcPush(s3, md5(world.data), world.data);
  const known = withoutUnknownHorsepower(world.data);
  const change = { [pointer]: pointerTo(known) };

  tell.step('A data scientist drops the six cars of unknown horsepower, and forgets `dvc push`');
  const first = await propose(world, 'known-horsepower', 'Drop cars of unknown horsepower', change);
  await verdict(world, tell, first, 'failed', stop);
  tell.comment(gitlab.notes(first).at(-1)?.body ?? '');

  tell.step('`dvc push` sends no webhook: modelgate looks again by itself');
  dvcPush(s3, md5(known), known);
  await verdict(world, tell, first, 'success', stop);

  tell.step('Another merge request breaks a reference in the training pipeline');
  const broken = (world.files[pipeline] ?? '').replace('producerTask: train\n', 'producerTask: trian\n');
  const second = await propose(world, 'tidy-pipeline', 'Tidy the pipeline', { [pipeline]: broken });
  await verdict(world, tell, second, 'failed', stop);
  tell.comment(gitlab.notes(second).at(-1)?.body ?? '');

  tell.step('It is repaired, and both are merged');
  await gitlab.commit(
    project,
    'tidy-pipeline',
    { [pipeline]: tidy(world.files[pipeline] ?? '') },
    { message: 'Repair', as: 'ada' },
  );
  await verdict(world, tell, second, 'success', stop);
  for (const mergeRequest of [first, second]) {
    await gitlab.idle();
    await gitlab.merge(mergeRequest);
  }
  tell.done();
}

async function propose(
  { gitlab, project }: DemoWorld,
  branch: string,
  title: string,
  files: Readonly<Record<string, string>>,
): Promise<MergeRequest> {
  await gitlab.commit(project, branch, files, { message: title, as: 'ada' });
  return gitlab.openMergeRequest(project, { source: branch, title, as: 'ada' });
}

/** Waits for the status that must come and shows it with its time. */
async function verdict(
  world: DemoWorld,
  tell: Narrator,
  mergeRequest: MergeRequest,
  wanted: 'failed' | 'success',
  stop: AbortSignal,
): Promise<void> {
  const began = Date.now();
  tell.waiting(mergeRequest);
  for (;;) {
    stop.throwIfAborted();
    const status = newest(world, mergeRequest);
    if (status?.status === wanted && (wanted === 'success' || world.gitlab.notes(mergeRequest).length > 0)) {
      tell.status(status, Date.now() - began);
      return;
    }
    if (Date.now() - began > 30_000)
      throw new Error(
        `the story stopped: ${status?.status ?? 'no status'} after 30 s, expected ${wanted}; see ${world.places.log}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function newest({ gitlab, project }: DemoWorld, mergeRequest: MergeRequest): CommitStatus | undefined {
  return gitlab.statuses(project, mergeRequest.sha).findLast((status) => status.name === 'modelgate');
}

/** `horsepower` is the fourth column; six cars lack it. */
function withoutUnknownHorsepower(csv: string): string {
  return csv
    .split('\n')
    .filter((line) => line === '' || line.split(',')[3] !== '')
    .join('\n');
}

function tidy(pipelineText: string): string {
  return pipelineText.replace('n_estimators=200', 'n_estimators=300');
}

function pointerTo(content: string): string {
  return `outs:\n- md5: ${md5(content)}\n  size: ${Buffer.byteLength(content)}\n  hash: md5\n  path: auto-mpg.csv\n`;
}

function md5(content: string): string {
  return createHash('md5').update(content).digest('hex');
}
