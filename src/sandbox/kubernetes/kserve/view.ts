import type { JsonObject } from '../json.ts';
import type { Child } from './children.ts';
import type { Condition } from './conditions.ts';
import type { Pod } from './pods.ts';

/** Where a service is reached. */
export interface Addresses {
  readonly url: string;
  readonly address: string;
  /** Of the revision before, by its tag. */
  readonly previous: string;
}

/** What one mode makes of a service. */
export interface View {
  readonly children: readonly Child[];
  readonly pods: readonly Pod[];
  /** The pods that KServe lists for the model's state, the first one first. */
  readonly modelPods: readonly Pod[];
  /** Revision fields of `status.components.predictor`; none in Standard mode. */
  readonly component: JsonObject;
  readonly predictorReady: Condition;
  readonly further: readonly Condition[];
  /** Nothing newer than what is ready, as far as this mode can tell. */
  readonly settled: boolean;
  readonly broken: boolean;
}
