import { createOutages, type Outages } from '../../src/adapters/redis/outages.ts';
import type { Log } from '../../src/log.ts';

/** For connections of a test that tell of their own outages alone. */
export function outagesTo(log: Log): Outages {
  return createOutages(log, () => Date.now());
}
