import { compact, listAt, objectAt, textAt, type JsonObject } from '../json.ts';
import { kinds } from '../api/kinds.ts';
import type { Store } from '../api/store.ts';
import { writeChildren, writeStatus, type Child } from './children.ts';
import { allOf, copied, timed, type Condition } from './conditions.ts';
import { knativeView } from './knative.ts';
import { modelStatus } from './model-status.ts';
import { childName, type Service } from './service.ts';
import { standardView } from './standard.ts';
import type { Addresses, View } from './view.ts';

/** What is needed to tell the state of a service. */
export interface StatusDeps {
  readonly store: Store;
  readonly addresses: (namespace: string, name: string) => Addresses;
  readonly failureDetails: boolean;
}

/** Writes the children and the status, as far as they changed. */
export function publish(deps: StatusDeps, service: Service, at: number): void {
  const { store } = deps;
  const stored = store.get(kinds.inferenceServices, service.namespace, service.name);
  const before = objectAt(stored, 'status');
  const addresses = deps.addresses(service.namespace, service.name);
  const view = viewOf(store, service, { before, addresses, at });
  const pods: readonly Child[] = view.pods.map(({ name, labels, annotations, spec, status }) => ({
    kind: kinds.pods,
    name,
    labels,
    annotations,
    spec,
    status,
  }));
  writeChildren(store, service, service.stopped ? [] : [...view.children, ...pods], at);
  writeStatus(store, service, statusOf(deps, service, { before, view, addresses, at }), at);
}

function viewOf(store: Store, service: Service, { before, addresses, at }: Omit<Now, 'view'>): View {
  const kind = service.mode === 'Knative' ? kinds.knativeServices : kinds.deployments;
  const child = objectAt(store.get(kind, service.namespace, childName(service)), 'status');
  if (service.mode === 'Standard') return standardView(service, child, at);
  const component = objectAt(before, 'components', 'predictor');
  return knativeView(service, { component, knative: child }, addresses, at);
}

interface Now {
  readonly before: JsonObject;
  readonly view: View;
  readonly addresses: Addresses;
  readonly at: number;
}

function statusOf(deps: StatusDeps, service: Service, { before, view, addresses, at }: Now): JsonObject {
  const conditions = service.rollouts.length === 0 ? undefined : conditionsOf(service, before, view);
  const ready = conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true;
  const reached = ready || before['url'] !== undefined;
  const url = reached ? addresses.url : undefined;
  const address = reached ? { url: addresses.address } : undefined;
  const model = modelStatus(objectAt(before, 'modelStatus'), {
    service,
    pods: view.modelPods,
    loaded: ready && view.settled,
    broken: view.broken,
    at,
    failureDetails: deps.failureDetails,
  });
  const generation = service.mode === 'Knative' ? service.generation : service.observed;
  return compact({
    ...before,
    observedGeneration: service.rollouts.length === 0 ? undefined : generation,
    deploymentMode: service.mode,
    clusterServingRuntimeName: runtimeOf(service) ?? before['clusterServingRuntimeName'],
    url,
    address,
    components:
      service.rollouts.length === 0 ? undefined : { predictor: compact({ ...view.component, url, address }) },
    modelStatus: model,
    conditions: conditions === undefined ? undefined : timed(listAt(before, 'conditions'), conditions, at),
  });
}

/** Ready from PredictorReady and IngressReady; the ingress stays once it is there. */
function conditionsOf(service: Service, before: JsonObject, view: View): readonly Condition[] {
  const { predictorReady, further } = view;
  const hasIngress = before['url'] !== undefined || predictorReady.status === 'True';
  const waiting = { status: 'False', reason: 'Predictor ingress not created' } as const;
  const ingress: Condition = { type: 'IngressReady', ...(hasIngress ? { status: 'True' } : waiting) };
  const ready = copied('Ready', allOf(hasIngress ? [predictorReady, ingress] : [predictorReady]));
  const stopped: Condition = {
    type: 'Stopped',
    status: service.stopped ? 'True' : 'False',
    severity: 'Info',
  };
  const all = [ingress, predictorReady, ...further, ready, stopped];
  return all.toSorted((one, other) => (one.type < other.type ? -1 : 1));
}

function runtimeOf(service: Service): string | undefined {
  const model = objectAt(service.rollouts.at(-1)?.template.predictor, 'model');
  const format = textAt(model, 'modelFormat', 'name');
  const named = textAt(model, 'runtime');
  if (named !== undefined || format === undefined) return named;
  return `kserve-${shortNames[format] ?? format}server`;
}

const shortNames: Readonly<Record<string, string>> = { xgboost: 'xgb', lightgbm: 'lgb' };
