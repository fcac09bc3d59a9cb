import type { Account } from './api/access.ts';
import type { GoneAs } from './api/watches.ts';
import type { Addressing } from './gateway/route.ts';
import type { JsonObject } from './json.ts';
import type { DeploymentMode } from './kserve/defaults.ts';
import type { ServiceKnobs } from './kserve/knobs.ts';
import type { LoadModel } from './kserve/model.ts';

/** How the sandbox is set up. */
export interface KubernetesConfig {
  readonly now?: () => Date;
  readonly port?: number;
  readonly gatewayPort?: number;
  /** Accounts by bearer token; without, everybody may do everything. */
  readonly tokens?: Readonly<Record<string, Account>>;
  /** CRD documents, or bare openAPIV3Schemas, by plural; `inferenceservices` is looked at. */
  readonly crds?: { readonly inferenceservices?: JsonObject };
  /** The namespaces there are; any, where it is left out. */
  readonly namespaces?: readonly string[];
  /** Whether the cluster has Knative; it has by default. */
  readonly knative?: boolean;
  /** `deploy.defaultDeploymentMode`: Knative by default, Standard where there is no Knative. */
  readonly defaultMode?: DeploymentMode;
  /** Every model loads by default. The cluster's clock waits for it: it has to come to an end. */
  readonly load?: LoadModel;
  /** How every service's roll-outs go, unless `script` says otherwise. */
  readonly knobs?: Partial<ServiceKnobs>;
  /** Model formats that some runtime supports; all by default. */
  readonly formats?: readonly string[];
  /** Whether a service has a path of its own (the default), or is told apart by the Host header. */
  readonly addressing?: Addressing;
  /** Of host names; `example.com` by default. */
  readonly domain?: string;
  /** The releases that were read tell neither time nor revision of the last failure: set to have both told. */
  readonly failureDetails?: boolean;
  /** How a watch from too old a version is refused: by an ERROR event (the default) or by status 410. */
  readonly goneAs?: GoneAs;
  /** Writes that watches can start from; 1000 by default. */
  readonly historyLimit?: number;
  /** Without it the controllers work only when somebody asks; with it, also every so many milliseconds. */
  readonly pulseMs?: number;
}
