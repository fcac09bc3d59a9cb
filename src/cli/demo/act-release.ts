import type { CommitStatus, MergeRequest } from '../../sandbox/gitlab/state.ts';
import { inLitres, pointer, pointerTo, withoutUnknownHorsepower } from './data.ts';
import { dvcPush } from './dvc-push.ts';
import { servedUri } from './kubernetes.ts';
import { askModel } from './predict.ts';
import { production } from './production.ts';
import { eventually, propose, verdict, type Scene } from './watch.ts';

/** What was merged is trained, published and served. */
export async function playRelease(scene: Scene, mergeRequests: readonly MergeRequest[]): Promise<void> {
  const { world, tell, stop } = scene;
  const { gitlab, kubernetes, project } = world;
  tell.step('Both are merged: the production run trains, the model is published and rolled out');
  let tip = '';
  for (const mergeRequest of mergeRequests) {
    await gitlab.idle();
    tip = await gitlab.merge(mergeRequest);
  }
  tell.merged(tip);
  const told = await production(scene, tip, 'success');
  const { environment, status } = await eventually(
    world,
    'deployment',
    () => gitlab.deployments(project).findLast((one) => one.sha === tip && one.status === 'success'),
    stop,
  );
  tell.fact('deployment', `${environment.name} on GitLab: ${status}`);
  await tellComment(scene, mergeRequests.at(-1), told);
  tell.fact('published', servedUri(kubernetes) ?? '?');
  tell.fact('prediction', await askModel(world.places));
}

/** A model that breaks the limit of the policy goes nowhere. */
export async function playWorse(scene: Scene): Promise<void> {
  const { world, tell } = scene;
  const { gitlab, kubernetes, s3 } = world;
  tell.step('New data, complete but wrong: from 1979 on they are in litres for 100 km, not miles per gallon');
  const before = servedUri(kubernetes);
  const wrong = inLitres(withoutUnknownHorsepower(world.data));
  dvcPush(s3, wrong);
  const third = await propose(world, 'newer-cars', 'Newer figures', { [pointer]: pointerTo(wrong) });
  await verdict(scene, third, 'success');
  await gitlab.idle();
  const tip = await gitlab.merge(third);
  tell.merged(tip);
  await tellComment(scene, third, await production(scene, tip, 'failed'));
  const same = servedUri(kubernetes) === before ? 'the model from before' : 'another model';
  tell.fact('served', `${same}, ${servedUri(kubernetes) ?? '?'}`);
  tell.fact('prediction', await askModel(world.places));
}

/** The first line of the comment below the merged merge request; it leads to the page that the status leads to. */
async function tellComment(
  { world, tell, stop }: Scene,
  mergeRequest: MergeRequest | undefined,
  { targetUrl = '?' }: CommitStatus,
): Promise<void> {
  if (mergeRequest === undefined) return;
  const { body } = await eventually(
    world,
    'comment',
    () => world.gitlab.notes(mergeRequest).findLast((note) => note.body.includes(targetUrl)),
    stop,
  );
  const [line = ''] = body
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .trim()
    .split('\n');
  tell.fact('comment', `!${mergeRequest.iid} ${line.replace(/^#+ /, '')}`);
}
