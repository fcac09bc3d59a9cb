import type { Timing } from '../../src/compose/timing.ts';
import { defaultReleaseTiming } from '../../src/release/world.ts';

/** What a service of a story does faster than a real one. */
export const storyTiming: Partial<Timing> = {
  tickMs: 50,
  lockMs: 2000,
  stalledMs: 500,
  retries: { after: [100, 200], every: 500 },
  release: {
    ...defaultReleaseTiming,
    lostAnswerMs: 800,
    pollMs: [100, 100],
    lookMs: 100,
    stableMs: 200,
    failingMs: 400,
    smokeMs: 400,
    holdMs: 300,
  },
  delays: { crowded: 50, failed: [200], newer: 300, poisonous: 1000 },
};
