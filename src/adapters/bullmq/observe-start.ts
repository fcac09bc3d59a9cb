import type { Clock } from '../../ports/clock.ts';
import type { Job } from '../../ports/queue.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** Tells how long the one who sent the delivery waited; a retry has none. Clocks of two machines may differ a little. */
export function observeStart(
  { job, arrived }: { readonly job: Job; readonly arrived: number | undefined },
  { telemetry, clock }: { readonly telemetry: Telemetry; readonly clock: Clock },
): void {
  if (arrived === undefined) return;
  const seconds = Math.max(0, (clock.now().getTime() - arrived) / 1000);
  telemetry.observe('modelgate_event_to_start_seconds', { kind: job.kind }, seconds);
}
