import { createFaults, type FaultRule } from '../faults.ts';
import { listenOnLoopback } from '../loopback.ts';
import { createRecent } from '../recent.ts';
import { createSerial } from '../serial.ts';
import type { KubernetesFault } from './api/faults.ts';
import { allKinds, kinds, type Kind } from './api/kinds.ts';
import { foreignEdit, seeded } from './api/patching.ts';
import type { AnsweredRequest, KubernetesRequest } from './api/request.ts';
import { serveApi } from './api/server.ts';
import { createStore } from './api/store.ts';
import { createWatches } from './api/watches.ts';
import type { Call, World } from './api/world.ts';
import type { KubernetesConfig } from './config.ts';
import { addressesOf } from './gateway/route.ts';
import {
  createGateway,
  type AnsweredPrediction,
  type Gateway,
  type PredictionFault,
  type PredictionRequest,
} from './gateway/server.ts';
import { objectAt, textAt, type JsonObject } from './json.ts';
import { createController } from './kserve/controller.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { usualKnobs, type ServiceKnobs } from './kserve/knobs.ts';
import { builtInInferenceService } from './schema/built-in.ts';
import { schemaOf } from './schema/structural.ts';

/** A kube-apiserver with KServe on loopback, in memory, and a gateway to the models it serves. */
export interface KubernetesSandbox {
  /** The API server, without a slash at the end. */
  readonly url: string;
  /** The gateway that predictions go through. */
  readonly gatewayUrl: string;
  /** A kubeconfig with this token, to be written to a file or read by a client. */
  kubeconfig(token?: string): JsonObject;
  /** Scripts how the next roll-outs of a service go; what is not named goes as configured. */
  script(namespace: string, name: string, knobs: Partial<ServiceKnobs>): void;
  /** Lets the controllers do what is due, and sends bookmarks. */
  settle(): Promise<void>;
  /** Changes an InferenceService by a merge patch, as another client would. @throws when the server would refuse. */
  edit(namespace: string, name: string, patch: JsonObject, manager: string): Promise<JsonObject>;
  /** Puts an object there as it is, status included. */
  seed(object: JsonObject): JsonObject;
  /** What is stored, by plural name (`services.serving.knative.dev` where two have one). */
  get(plural: string, namespace: string, name: string): JsonObject | undefined;
  list(plural: string, namespace?: string): readonly JsonObject[];
  /** The log of a pod's container. */
  setLog(namespace: string, pod: string, text: string, container?: string): void;
  /** Requests to the API server that were answered, the newest 5,000, oldest first. */
  readonly requests: readonly AnsweredRequest[];
  /** Requests to served models, and who answered. */
  readonly predictions: readonly AnsweredPrediction[];
  forgetRequests(): void;
  /** Makes API requests go wrong; the returned function ends it. */
  fail(rule: FaultRule<KubernetesRequest, KubernetesFault>): () => void;
  /** Makes predictions go wrong. */
  failPredictions(rule: FaultRule<PredictionRequest, PredictionFault>): () => void;
  /** Ends every open watch. */
  cutWatches(how?: 'end' | 'destroy'): void;
  /** How many watches are open. */
  watches(): number;
  /** Forgets the history: watches and pages from before are refused with 410. */
  compact(): void;
  close(): Promise<void>;
}

/** Starts an empty cluster. */
export async function createKubernetesSandbox(config: KubernetesConfig = {}): Promise<KubernetesSandbox> {
  const world = createWorld(config);
  const { store } = world;
  const scripts = new Map<string, ServiceKnobs>();
  const usual = { ...usualKnobs, ...config.knobs };
  const seen = createRecent<AnsweredRequest>(5_000);
  const faults = createFaults<KubernetesRequest, KubernetesFault>();
  const serial = createSerial();
  const watches = createWatches(world, () => config.goneAs ?? 'event');
  const domain = config.domain ?? 'example.com';
  const addressing = config.addressing ?? 'path';
  const front = await listenOnLoopback((request, response) => {
    gateway.serve(request, response).catch(() => response.destroy());
  }, config.gatewayPort);
  const controller = createController({
    store,
    now: world.now,
    defaultMode: world.defaultMode,
    load: config.load ?? (async () => ({ ok: true })),
    knobs: (namespace, name) => scripts.get(`${namespace}/${name}`) ?? usual,
    formats: config.formats === undefined ? undefined : new Set(config.formats),
    failureDetails: config.failureDetails ?? false,
    addresses: (namespace, name) => addressesOf(addressing, { gateway: front.url, domain }, namespace, name),
    log: (...[namespace, pod, container, text]) =>
      void world.logs.set(`${namespace}/${pod}/${container}`, text),
  });
  const gateway: Gateway = createGateway({ store, controller, addressing, domain, alone });
  const tokens = config.tokens === undefined ? undefined : new Map(Object.entries(config.tokens));
  const deps = { tokens, watches, faults, alone, report: (request: AnsweredRequest) => seen.add(request) };
  const back = await listenOnLoopback((request, response) => {
    serveApi(world, deps, request, response).catch(() => response.destroy());
  }, config.port);
  const pulse = config.pulseMs === undefined ? undefined : setInterval(() => void beat(), config.pulseMs);
  pulse?.unref();

  return {
    url: back.url,
    gatewayUrl: front.url,
    kubeconfig: (token) => kubeconfigFor(back.url, token),
    script: (namespace, name, knobs) => void scripts.set(`${namespace}/${name}`, { ...usual, ...knobs }),
    settle: () => alone(() => watches.bookmark()),
    edit: (namespace, name, patch, manager) =>
      alone(() =>
        foreignEdit(world, callFor(kinds.inferenceServices, { namespace, name, manager, body: patch })),
      ),
    seed: (object) => seeded(world, callFor(kindOf(object), placeOf(object)), object),
    get: (plural, namespace, name) => store.get(kindNamed(plural), namespace, name),
    list: (plural, namespace) => store.list(kindNamed(plural), namespace),
    setLog: (namespace, pod, text, container = 'main') =>
      void world.logs.set(`${namespace}/${pod}/${container}`, text),
    requests: seen.entries,
    predictions: gateway.predictions,
    forgetRequests() {
      seen.clear();
      gateway.forget();
    },
    fail: (rule) => faults.add(rule),
    failPredictions: (rule) => gateway.faults.add(rule),
    cutWatches: (how = 'end') => watches.cut(how),
    watches: () => watches.count(),
    compact: () => store.compact(),
    async close() {
      clearInterval(pulse);
      await Promise.all([front.close(), back.close()]);
    },
  };

  /** One request at a time, with the controllers up to date before and after it. */
  function alone<T>(task: () => T): Promise<T> {
    return serial.run('cluster', async () => {
      await controller.advance();
      const result = task();
      await controller.advance();
      return result;
    });
  }

  async function beat(): Promise<void> {
    await alone(() => undefined).catch(() => undefined);
  }
}

function createWorld(config: KubernetesConfig): World {
  const knative = config.knative ?? true;
  const crd = config.crds?.inferenceservices;
  return {
    store: createStore(config.historyLimit ?? 1_000),
    now: config.now ?? (() => new Date()),
    schema: crd === undefined ? builtInInferenceService : schemaOf(crd, 'v1beta1'),
    defaultMode: config.defaultMode ?? (knative ? 'Knative' : 'Standard'),
    knative,
    namespaces: config.namespaces === undefined ? undefined : new Set(config.namespaces),
    logs: new Map(),
  };
}

interface Doing {
  readonly namespace: string;
  readonly name: string;
  readonly manager: string;
  readonly body: JsonObject;
}

function callFor(kind: Kind, { namespace, name, manager, body }: Doing): Call {
  const target = { kind, group: kind.group, resource: kind.plural, namespace, name, subresource: '' };
  const contentType = 'application/merge-patch+json';
  return { target, query: new URLSearchParams(), contentType, text: JSON.stringify(body), body, manager };
}

function placeOf(object: JsonObject): Doing {
  const metadata = objectAt(object, 'metadata');
  const namespace = textAt(metadata, 'namespace') ?? '';
  return { namespace, name: textAt(metadata, 'name') ?? '', manager: 'sandbox', body: object };
}

function kindOf(object: JsonObject): Kind {
  const group = (textAt(object, 'apiVersion') ?? '').split('/').slice(0, -1).join('');
  const found = allKinds.find((kind) => kind.kind === object['kind'] && kind.group === group);
  if (found === undefined) throw new Error(`the Kubernetes sandbox knows no kind ${textAt(object, 'kind')}`);
  return found;
}

function kindNamed(plural: string): Kind {
  const found = allKinds.find((kind) => kind.plural === plural || `${kind.plural}.${kind.group}` === plural);
  if (found === undefined) throw new Error(`the Kubernetes sandbox has no ${plural}`);
  return found;
}
