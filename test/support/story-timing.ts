import type { Timing } from '../../src/compose/timing.ts';

/** What a service of a story does faster than a real one. */
export const storyTiming: Partial<Timing> = {
  tickMs: 50,
  lockMs: 2000,
  stalledMs: 500,
  retries: { after: [100, 200], every: 500 },
  delays: { crowded: 50, failed: [200], newer: 300, poisonous: 1000 },
};
