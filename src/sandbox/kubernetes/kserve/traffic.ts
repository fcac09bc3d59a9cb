import { compact, isObject, listAt, numberAt, textAt, type Json, type JsonObject } from '../json.ts';
import type { Service } from './service.ts';

/** The revision fields of `status.components.predictor`. */
export interface Revisions {
  readonly latestCreated: string | undefined;
  readonly latestReady: string | undefined;
  readonly latestRolledout: string | undefined;
  readonly previousRolledout: string | undefined;
  readonly traffic: readonly JsonObject[];
}

/** Reads the fields that carry over from one look to the next. */
export function rolledOut(
  component: Json | undefined,
): Pick<Revisions, 'latestRolledout' | 'previousRolledout'> {
  return {
    latestRolledout: textAt(component, 'latestRolledoutRevision'),
    previousRolledout: textAt(component, 'previousRolledoutRevision'),
  };
}

/** What KServe asks of the Knative route: without a roll-out before, a percentage is ignored (specs 5.5). */
export function askedTraffic(percent: number | undefined, last: string | undefined): readonly JsonObject[] {
  if (percent === undefined || last === undefined) return [{ latestRevision: true, percent: 100 }];
  const latest = { latestRevision: true, percent };
  if (percent >= 100) return [latest];
  return [latest, { latestRevision: false, percent: 100 - percent, revisionName: last, tag: 'prev' }];
}

/** The revisions after as many looks as it takes: swapping back to the previous one takes two. */
export function propagate(
  service: Service,
  before: Pick<Revisions, 'latestRolledout' | 'previousRolledout'>,
  prevUrl: string,
): Revisions {
  const latestCreated = service.rollouts.at(-1)?.name;
  const latestReady = service.latestReady?.name;
  const traffic = routeTraffic(service, before.latestRolledout, prevUrl);
  const after = rollOut(before, { latestCreated, latestReady, traffic });
  if (after.latestRolledout !== before.latestRolledout) return propagate(service, after, prevUrl);
  return { ...after, latestCreated, latestReady, traffic };
}

/** The route resolves `latestRevision` to the latest ready revision it knows. */
function routeTraffic(service: Service, last: string | undefined, prevUrl: string): readonly JsonObject[] {
  const routed = service.routed;
  if (routed === undefined) return [];
  return askedTraffic(routed.percent, last).map((target) =>
    target['latestRevision'] === true
      ? { ...target, revisionName: routed.latest.name }
      : { ...target, url: prevUrl },
  );
}

function rollOut(
  before: Pick<Revisions, 'latestRolledout' | 'previousRolledout'>,
  now: Pick<Revisions, 'latestCreated' | 'latestReady' | 'traffic'>,
): Pick<Revisions, 'latestRolledout' | 'previousRolledout'> {
  const latest = now.traffic.find(
    (target) => target['latestRevision'] === true && target['revisionName'] === now.latestReady,
  );
  if (latest === undefined) return before;
  const percent = numberAt(latest, 'percent') ?? 0;
  if (before.latestRolledout !== now.latestReady) {
    if (percent !== 100) return before;
    return { latestRolledout: now.latestReady, previousRolledout: before.latestRolledout };
  }
  const whole = now.traffic
    .filter((target) => target['revisionName'] === now.latestReady)
    .reduce((sum, target) => sum + (numberAt(target, 'percent') ?? 0), 0);
  const swaps = now.latestReady === now.latestCreated && percent < 100 && whole === 100;
  if (!swaps || before.previousRolledout === undefined) return before;
  return { ...before, latestRolledout: before.previousRolledout };
}

/** As `status.components.predictor` has them. */
export function revisionFields(revisions: Revisions): JsonObject {
  return compact({
    latestCreatedRevision: revisions.latestCreated,
    latestReadyRevision: revisions.latestReady,
    latestRolledoutRevision: revisions.latestRolledout,
    previousRolledoutRevision: revisions.previousRolledout,
    traffic: revisions.traffic.length === 0 ? undefined : revisions.traffic,
  });
}

/** Revision names that get traffic, with their percentages. */
export function sharesOf(component: Json | undefined): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const target of listAt(component, 'traffic')) {
    const name = isObject(target) ? textAt(target, 'revisionName') : undefined;
    if (name === undefined) continue;
    shares.set(name, (shares.get(name) ?? 0) + (numberAt(target, 'percent') ?? 0));
  }
  return shares;
}
