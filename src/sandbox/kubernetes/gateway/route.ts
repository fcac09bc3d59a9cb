import { objectAt } from '../json.ts';
import { kinds } from '../api/kinds.ts';
import type { Store } from '../api/store.ts';
import type { Rollout, Service } from '../kserve/service.ts';
import { sharesOf } from '../kserve/traffic.ts';
import type { Addresses } from '../kserve/view.ts';

/** How services are reached: each below a path of the gateway, or all at its root, told apart by the Host header. */
export type Addressing = 'path' | 'host';

/** The service a request is for, and the path below its address. */
export interface Destination {
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
}

/** The addresses that status.url and status.address.url name. */
export function addressesOf(
  addressing: Addressing,
  base: { readonly gateway: string; readonly domain: string },
  namespace: string,
  name: string,
): Addresses {
  if (addressing === 'path') {
    const url = `${base.gateway}/serving/${namespace}/${name}`;
    return { url, address: url, previous: `${url}/prev` };
  }
  const host = `${name}.${namespace}.${base.domain}`;
  const local = `http://${name}.${namespace}.svc.cluster.local`;
  return { url: `http://${host}`, address: local, previous: `http://prev-${host}` };
}

/** Reads where a request goes; undefined where no route matches. */
export function destinationOf(
  addressing: Addressing,
  domain: string,
  request: { readonly path: string; readonly host: string },
): Destination | undefined {
  if (addressing === 'path') {
    const [, namespace, name, path] = /^\/serving\/([^/]+)\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
    return namespace === undefined || name === undefined ? undefined : { namespace, name, path: path ?? '/' };
  }
  const host = request.host.split(':')[0] ?? '';
  const suffix = [`.${domain}`, '.svc.cluster.local'].find((end) => host.endsWith(end));
  const [name, namespace, more] = suffix === undefined ? [] : host.slice(0, -suffix.length).split('.');
  if (name === undefined || namespace === undefined || more !== undefined) return undefined;
  return { namespace, name, path: request.path };
}

/** A revision or ReplicaSet that answers, and its weight. */
export interface Backend {
  readonly rollout: Rollout;
  readonly weight: number;
}

/** Who answers for a service: by its status's traffic in Knative mode, every ready pod in Standard mode. */
export function backendsOf(store: Store, service: Service): readonly Backend[] {
  const ready = service.rollouts.filter((rollout) => rollout.phase === 'ready');
  if (service.stopped) return [];
  if (service.mode === 'Standard') return ready.map((rollout) => ({ rollout, weight: 1 }));
  const stored = store.get(kinds.inferenceServices, service.namespace, service.name);
  const shares = sharesOf(objectAt(stored, 'status', 'components', 'predictor'));
  return ready
    .map((rollout) => ({ rollout, weight: shares.get(rollout.name) ?? 0 }))
    .filter((backend) => backend.weight > 0);
}

/** Spreads requests by weight, the same way each time: `turn` counts the requests. */
export function pickBackend(backends: readonly Backend[], turn: number): Rollout | undefined {
  const total = backends.reduce((sum, backend) => sum + backend.weight, 0);
  // 61 has no factor in common with 100: a hundred requests meet every percent once, well mixed.
  let at = (turn * 61) % Math.max(1, total);
  for (const { rollout, weight } of backends) {
    if (at < weight) return rollout;
    at -= weight;
  }
  return undefined;
}
