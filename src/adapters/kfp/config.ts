import type { Dispatchers, TlsSettings } from '../../net/dispatchers.ts';
import type { Timeouts } from '../../net/request.ts';
import type { Clock } from '../../ports/clock.ts';

/** One environment's Kubeflow Pipelines and how runs are made there. */
export interface KfpConfig {
  /** The environment's name, for messages. */
  readonly environment: string;
  /** Where `/apis` is below: with its prefix, where a gateway or the Kubernetes proxy puts one. */
  readonly url: string;
  /** Sent only to servers with profiles; logs are looked for in it. */
  readonly namespace: string;
  readonly serviceAccount?: string | undefined;
  readonly pipelineRoot?: string | undefined;
  /** Called for each request, so that a projected token is followed; undefined: nothing is presented. */
  readonly token?: (() => string) | undefined;
  /** Where people see runs; undefined: at `url`. */
  readonly ui?: string | undefined;
  readonly tls?: TlsSettings | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** What the adapter needs of the world. */
export interface KfpDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly dispatchers: Dispatchers;
}

/** A run's creation compiles the pipeline before it answers. */
export const defaultTimeouts: Timeouts = { headersMs: 30_000, bodyMs: 15_000, totalMs: 60_000 };
