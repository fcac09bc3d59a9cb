import type { Phase } from '../../phase.ts';
import { byManifest } from './manifest.ts';
import { nextOfCollect, type CollectSeen } from './next.ts';
import { byPointer } from './pointer.ts';

/** What the run hands over: model and metrics. It changes nothing. */
export const collect: Phase<CollectSeen, never> = {
  name: 'collect',
  async observe(release, world, signal, line) {
    const source = release.plan?.production.model;
    const about = { before: line.released?.metrics ?? {}, handOverMs: world.timing.handOverMs };
    if (source === undefined)
      return { ...about, handedOver: { kind: 'wrong', reason: 'the policy names no model' } };
    const handedOver =
      source.from === 'manifest'
        ? await byManifest(release, source, world, signal)
        : await byPointer(release, source, world, signal);
    return { ...about, handedOver };
  },
  next: nextOfCollect,
  perform: () => Promise.resolve(),
};
