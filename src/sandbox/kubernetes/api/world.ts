import type { JsonObject } from '../json.ts';
import type { DeploymentMode } from '../kserve/defaults.ts';
import { kinds, type Kind } from './kinds.ts';
import type { Store } from './store.ts';
import type { Target } from './request.ts';

/** What the requests work on. */
export interface World {
  readonly store: Store;
  readonly now: () => Date;
  /** openAPIV3Schema of InferenceService. */
  readonly schema: JsonObject;
  readonly defaultMode: DeploymentMode;
  /** Without it the cluster has no `serving.knative.dev`. */
  readonly knative: boolean;
  /** Objects can be created only in these; everywhere where it is undefined. */
  readonly namespaces: ReadonlySet<string> | undefined;
  /** Container logs by `namespace/pod/container`. */
  readonly logs: Map<string, string>;
}

/** One request about a resource. */
export interface Call {
  readonly target: Target & { readonly kind: Kind };
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly text: string;
  readonly body: unknown;
  /** The field manager: the query's, else the first word of the user agent. */
  readonly manager: string;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether this cluster serves a kind. */
export function serves(world: World, kind: Kind): boolean {
  return world.knative || kind.group !== kinds.knativeServices.group;
}
