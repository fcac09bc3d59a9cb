import type { MergeRequest } from '../../sandbox/gitlab/state.ts';
import { pointer, pointerTo, withoutUnknownHorsepower } from './data.ts';
import { dvcPush } from './dvc-push.ts';
import { propose, verdict, type Scene } from './watch.ts';

const pipeline = 'pipelines/production-pipeline.yaml';
const policy = '.modelgate.yaml';

/** Two merge requests: what modelgate says to them until they are right. */
export async function playGate(scene: Scene): Promise<readonly MergeRequest[]> {
  const { world, tell } = scene;
  const { gitlab, s3, project } = world;
  dvcPush(s3, world.data);
  const known = withoutUnknownHorsepower(world.data);

  tell.step('A data scientist drops the six cars of unknown horsepower, and forgets `dvc push`');
  const change = { [pointer]: pointerTo(known) };
  const first = await propose(world, 'known-horsepower', 'Drop cars of unknown horsepower', change);
  await verdict(scene, first, 'failed');
  tell.comment(gitlab.notes(first).at(-1)?.body ?? '');

  tell.step('`dvc push` sends no webhook: modelgate looks again by itself');
  dvcPush(s3, known);
  await verdict(scene, first, 'success');

  tell.step('Another merge request wants merges to be released, and breaks a reference in the pipeline');
  const text = world.files[pipeline] ?? '';
  const broken = text.replace('producerTask: train\n', 'producerTask: trian\n');
  const more = { [pipeline]: broken, [policy]: world.files[policy] ?? '' };
  const second = await propose(world, 'release', 'Release what is merged', more);
  await verdict(scene, second, 'failed');
  tell.comment(gitlab.notes(second).at(-1)?.body ?? '');

  tell.step('It is repaired');
  const tidy = text.replace('n_estimators=200', 'n_estimators=300');
  await gitlab.commit(project, 'release', { [pipeline]: tidy }, { message: 'Repair', as: 'ada' });
  await verdict(scene, second, 'success');
  return [first, second];
}
