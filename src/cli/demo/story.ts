import { playGate } from './act-gate.ts';
import { playRelease, playWorse } from './act-release.ts';
import type { Narrator } from './narrate.ts';
import type { DemoWorld } from './world.ts';

/** From a merge request whose data was not pushed to a model in service, and one that does not get there. */
export async function playStory(world: DemoWorld, tell: Narrator, stop: AbortSignal): Promise<void> {
  const scene = { world, tell, stop };
  const mergeRequests = await playGate(scene);
  await playRelease(scene, mergeRequests);
  await playWorse(scene);
  tell.done();
}
