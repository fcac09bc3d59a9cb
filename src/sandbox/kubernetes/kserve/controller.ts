import { numberAt, objectAt, textAt, valueAt, type JsonObject } from '../json.ts';
import { kinds } from '../api/kinds.ts';
import { nameOf, type Store } from '../api/store.ts';
import { writeChildren } from './children.ts';
import { createAgenda } from './agenda.ts';
import { modeOf, type DeploymentMode } from './defaults.ts';
import type { ServiceKnobs } from './knobs.ts';
import type { LoadModel } from './model.ts';
import { startRollout, type RolloutDeps } from './rollout.ts';
import { currentOf, newService, templateOf, type Service } from './service.ts';
import { publish, type StatusDeps } from './status.ts';

/** What the controllers work with. */
export interface ControllerDeps extends StatusDeps {
  readonly store: Store;
  readonly now: () => Date;
  readonly defaultMode: DeploymentMode;
  readonly load: LoadModel;
  readonly knobs: (namespace: string, name: string) => ServiceKnobs;
  /** Model formats some runtime supports; all where it is undefined. */
  readonly formats: ReadonlySet<string> | undefined;
  readonly log: (namespace: string, pod: string, container: string, text: string) => void;
}

/** KServe's controller, with Knative or Deployments below it. Nothing happens but in `advance`. */
export interface Controller {
  /** Does what was due until now, in the order of time. */
  advance(): Promise<void>;
  service(namespace: string, name: string): Service | undefined;
}

/** Knows no service at first. */
export function createController(deps: ControllerDeps): Controller {
  const services = new Map<string, Service>();
  const agenda = createAgenda<Service>();
  const rollouts: RolloutDeps = { ...deps, later: (...entry) => agenda.add(...entry) };
  return { advance, service: (namespace, name) => services.get(`${namespace}/${name}`) };

  async function advance(): Promise<void> {
    const now = deps.now().getTime();
    for (;;) {
      notice(now);
      const due = agenda.take(now);
      if (due === undefined) return;
      if (services.get(keyOf(due.about)) !== due.about) continue;
      await due.act(due.at);
      publish(deps, due.about, due.at);
    }
  }

  /** Sees what was created, changed and deleted since it last looked. */
  function notice(now: number): void {
    const live = deps.store.list(kinds.inferenceServices);
    for (const object of live) noticeOne(object, now);
    const uids = new Set(live.map((object) => textAt(object, 'metadata', 'uid')));
    for (const [key, service] of services) {
      if (uids.has(service.uid)) continue;
      if (services.get(key) === service) services.delete(key);
      writeChildren(deps.store, service, [], now);
    }
  }

  function noticeOne(object: JsonObject, now: number): void {
    const namespace = textAt(object, 'metadata', 'namespace') ?? '';
    const own = { namespace, name: nameOf(object), uid: textAt(object, 'metadata', 'uid') ?? '' };
    const known = services.get(keyOf(own));
    if (known !== undefined && known.uid !== own.uid) {
      services.delete(keyOf(own));
      writeChildren(deps.store, known, [], now);
    }
    const service =
      services.get(keyOf(own)) ?? newService({ ...own, mode: modeOf(object, deps.defaultMode) });
    services.set(keyOf(own), service);
    const seen = JSON.stringify([valueAt(object, 'spec'), valueAt(object, 'metadata', 'annotations')]);
    if (seen === service.seen) return;
    service.seen = seen;
    const { createMs } = deps.knobs(own.namespace, own.name);
    agenda.add(service, now + createMs, (at) => adopt(service, at));
  }

  /** Carries the newest specification over to the children. */
  function adopt(service: Service, at: number): void {
    const object = deps.store.get(kinds.inferenceServices, service.namespace, service.name);
    if (object === undefined || isFrozen(object)) return;
    service.invalid = invalidSpec(object, deps.formats);
    if (service.invalid !== undefined) return;
    service.stopped = annotation(object, 'stop') === 'true';
    const template = templateOf(object, service.mode);
    const percent = numberAt(object, 'spec', 'predictor', 'canaryTrafficPercent');
    const replicas = Math.max(1, numberAt(object, 'spec', 'predictor', 'minReplicas') ?? 1);
    const isNew = currentOf(service)?.template.hash !== template.hash;
    if (!isNew && percent === service.percent && replicas === service.replicas) return;
    service.percent = percent;
    service.replicas = replicas;
    service.generation += 1;
    if (isNew) startRollout(rollouts, service, template, at);
    const { trafficMs } = deps.knobs(service.namespace, service.name);
    agenda.add(service, at + trafficMs, () => observe(service));
  }

  /** The route follows the percentage, the Deployment's controller its generation. */
  function observe(service: Service): void {
    service.observed = service.generation;
    if (service.routed !== undefined) service.routed = { ...service.routed, percent: service.percent };
  }
}

function keyOf({ namespace, name }: Pick<Service, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

function annotation(object: JsonObject, name: string): string | undefined {
  return textAt(object, 'metadata', 'annotations', `serving.kserve.io/${name}`);
}

/** `disable-auto-update`: a service that is Ready ignores every later edit. */
function isFrozen(object: JsonObject): boolean {
  if (annotation(object, 'disable-auto-update') !== 'true') return false;
  const conditions = valueAt(object, 'status', 'conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some((one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True')
  );
}

function invalidSpec(object: JsonObject, formats: ReadonlySet<string> | undefined): Service['invalid'] {
  const model = objectAt(object, 'spec', 'predictor', 'model');
  const format = textAt(model, 'modelFormat', 'name');
  if (formats === undefined || format === undefined || formats.has(format)) return undefined;
  const reason = 'NoSupportingRuntime';
  return { reason, message: `No runtime found to support predictor with model type: {${format} <nil>}` };
}
