import { createHash } from 'node:crypto';
import { compact, objectAt, type JsonObject } from '../json.ts';
import type { DeploymentMode } from './defaults.ts';
import type { ServiceKnobs } from './knobs.ts';
import { type ModelOutcome, type Predict } from './model.ts';

/** Why a container ended. */
export interface ContainerFailure {
  readonly container: 'storage-initializer' | 'kserve-container';
  readonly reason: string;
  readonly message: string;
  readonly exitCode: number;
}

/** One Knative revision, or one ReplicaSet. */
export interface Rollout {
  readonly number: number;
  readonly name: string;
  readonly template: Template;
  readonly knobs: ServiceKnobs;
  readonly createdAt: number;
  readonly outcome: Promise<ModelOutcome>;
  /** `retired`: a ReplicaSet without pods. */
  phase: 'fetching' | 'starting' | 'ready' | 'failed' | 'retired';
  failure: ContainerFailure | undefined;
  /** The progress deadline passed before it was ready. */
  late: boolean;
  predict: Predict | undefined;
  /** When it became what it is. */
  changedAt: number;
}

/** What makes a revision what it is. */
export interface Template {
  readonly hash: string;
  readonly predictor: JsonObject;
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
}

/** What the controllers know of an InferenceService. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly mode: DeploymentMode;
  /** What was last seen in the specification, to notice changes. */
  seen: string;
  rollouts: Rollout[];
  /** The generation of the Knative Service or the Deployment: runs ahead of the InferenceService's. */
  generation: number;
  /** What the Deployment's own controller has seen of it. */
  observed: number;
  percent: number | undefined;
  replicas: number;
  latestReady: Rollout | undefined;
  /** What the route takes for the latest ready revision, and which percentage it follows. */
  routed: { readonly latest: Rollout; readonly percent: number | undefined } | undefined;
  modelKnown: boolean;
  blip: boolean;
  stopped: boolean;
  invalid: { readonly reason: string; readonly message: string } | undefined;
}

/** A service nobody has looked at yet. */
export function newService(own: Pick<Service, 'namespace' | 'name' | 'uid' | 'mode'>): Service {
  return {
    ...own,
    seen: '',
    rollouts: [],
    generation: 2,
    observed: 0,
    percent: undefined,
    replicas: 1,
    latestReady: undefined,
    routed: undefined,
    modelKnown: false,
    blip: false,
    stopped: false,
    invalid: undefined,
  };
}

/** `<name>-predictor`: the Knative Service or the Deployment. */
export function childName(service: Pick<Service, 'name'>): string {
  return `${service.name}-predictor`;
}

const scaling = ['minReplicas', 'maxReplicas', 'scaleTarget', 'scaleMetric'];

/** Annotations of a service that KServe does not pass on; all others land on the template. */
const keptBack: ReadonlySet<string> = new Set([
  'autoscaling.knative.dev/min-scale',
  'autoscaling.knative.dev/max-scale',
  'autoscaling.knative.dev/minScale',
  'autoscaling.knative.dev/maxScale',
  'internal.serving.kserve.io/storage-initializer-sourceuri',
  'kubectl.kubernetes.io/last-applied-configuration',
]);

/** The template of a specification; traffic is no part of it, and replicas are none in Standard mode. */
export function templateOf(service: JsonObject, mode: DeploymentMode): Template {
  const predictor = objectAt(service, 'spec', 'predictor');
  const left = mode === 'Knative' ? ['canaryTrafficPercent'] : ['canaryTrafficPercent', ...scaling];
  const kept = Object.entries(predictor).filter(([key]) => !left.includes(key));
  const passed = Object.entries(objectAt(service, 'metadata', 'annotations')).filter(
    ([key]) => !keptBack.has(key),
  );
  const annotations = { ...Object.fromEntries(passed), ...objectAt(predictor, 'annotations') };
  const labels = objectAt(predictor, 'labels');
  const text = JSON.stringify([sorted(kept), sorted(passed)]);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  return { hash, predictor, labels, annotations };
}

function sorted(entries: readonly (readonly [string, unknown])[]): unknown {
  return [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The newest revision or ReplicaSet. */
export function currentOf(service: Service): Rollout | undefined {
  return service.rollouts.at(-1);
}

/** The address and name labels every child carries. */
export function childLabels(service: Service): JsonObject {
  return compact({
    app: childName(service),
    component: 'predictor',
    'serving.kserve.io/inferenceservice': service.name,
  });
}
