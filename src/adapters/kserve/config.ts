import type { Secret } from '../../domain/secret.ts';
import type { Dispatchers } from '../../net/dispatchers.ts';
import type { Timeouts } from '../../net/request.ts';
import type { Clock } from '../../ports/clock.ts';

/** How the cluster is reached. */
export type ClusterConfig =
  | {
      readonly kind: 'given';
      readonly url: string;
      /** Asked at each request, so that a rotated one is picked up. */
      readonly token: Secret | undefined;
      /** PEM certificates to trust instead of the built-in ones. */
      readonly ca: string | undefined;
    }
  /** The current context counts. */
  | { readonly kind: 'kubeconfig'; readonly path: string }
  /** The service account of the pod. */
  | { readonly kind: 'in-cluster' };

/** One environment's KServe. */
export interface KserveConfig {
  /** The environment's name in the server's configuration, for messages. */
  readonly environment: string;
  readonly cluster: ClusterConfig;
  readonly namespace: string;
  /** Name patterns of the InferenceServices that may be asked for and changed; `*` for any part. */
  readonly services: readonly string[];
  /** Of predictors that are created. */
  readonly serviceAccount: string | undefined;
  /** Where predictions are asked; undefined: at the service's own address. */
  readonly gateway: string | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** What the adapter needs of the world. */
export interface KserveDeps {
  readonly dispatchers: Dispatchers;
  readonly clock: Clock;
  /** Tells a pod from other machines (`KUBERNETES_SERVICE_HOST`). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From now on the value is redacted; the returned function ends that. */
  readonly addSecret: (value: string) => () => void;
}
