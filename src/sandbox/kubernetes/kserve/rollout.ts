import { textAt } from '../json.ts';
import type { Store } from '../api/store.ts';
import { writeEvent } from './children.ts';
import type { Agenda } from './agenda.ts';
import type { ServiceKnobs } from './knobs.ts';
import { addressModel, storageUriOf, type LoadModel, type ModelOutcome } from './model.ts';
import { podsOf } from './pods.ts';
import {
  childName,
  currentOf,
  type ContainerFailure,
  type Rollout,
  type Service,
  type Template,
} from './service.ts';

/** What roll-outs need. */
export interface RolloutDeps {
  readonly store: Store;
  readonly load: LoadModel;
  readonly knobs: (namespace: string, name: string) => ServiceKnobs;
  readonly log: (namespace: string, pod: string, container: string, text: string) => void;
  readonly later: Agenda<Service>['add'];
}

/** Begins a revision or ReplicaSet; a ReplicaSet that still serves the same template is taken up again. */
export function startRollout(deps: RolloutDeps, service: Service, template: Template, at: number): void {
  const serving =
    service.mode === 'Standard'
      ? service.rollouts.find((one) => one.template.hash === template.hash && one.phase === 'ready')
      : undefined;
  const rollout = newRollout(deps, service, template, at);
  if (service.mode === 'Standard') dropUnready(service, template);
  service.rollouts = [...service.rollouts.filter((one) => one !== serving), rollout];
  service.modelKnown = false;
  if (serving !== undefined) {
    rollout.phase = 'fetching';
    rollout.predict = serving.predict;
    return ready(deps, service, rollout, at);
  }
  schedule(deps, service, rollout);
}

function newRollout(deps: RolloutDeps, service: Service, template: Template, at: number): Rollout {
  const number = 1 + Math.max(0, ...service.rollouts.map((one) => one.number));
  const knative = `${childName(service)}-${String(number).padStart(5, '0')}`;
  const outcome = deps.load(storageUriOf(template.predictor), template.predictor).catch(thrown);
  return {
    number,
    name: service.mode === 'Knative' ? knative : `${childName(service)}-${template.hash}`,
    template,
    knobs: deps.knobs(service.namespace, service.name),
    createdAt: at,
    outcome,
    phase: 'fetching',
    failure: undefined,
    late: false,
    predict: undefined,
    changedAt: at,
  };
}

function thrown(error: unknown): ModelOutcome {
  return { ok: false, reason: 'RuntimeError', message: error instanceof Error ? error.message : 'unknown' };
}

/** A Deployment scales ReplicaSets down that were never ready as soon as there is a newer one. */
function dropUnready(service: Service, template: Template): void {
  for (const rollout of service.rollouts) if (rollout.phase !== 'ready') rollout.phase = 'retired';
  service.rollouts = service.rollouts.filter(
    (one) => one.phase === 'ready' || one.template.hash !== template.hash,
  );
}

function schedule(deps: RolloutDeps, service: Service, rollout: Rollout): void {
  const { createdAt, knobs } = rollout;
  deps.later(service, createdAt + deadlineOf(rollout), (at) => {
    if (rollout.phase === 'ready') return;
    rollout.late = true;
    rollout.changedAt = at;
  });
  deps.later(service, createdAt + knobs.loadMs / 2, () => {
    if (rollout.phase === 'fetching') rollout.phase = 'starting';
  });
  if (knobs.never) return;
  deps.later(service, createdAt + knobs.loadMs, (at) => decide(deps, service, rollout, at));
}

function deadlineOf({ template, knobs }: Rollout): number {
  const text = textAt(template.annotations, 'serving.knative.dev/progress-deadline') ?? '';
  const read = /^(\d+)(s|m|h)$/.exec(text);
  const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
  return read === null ? knobs.progressDeadlineMs : Number(read[1]) * (units[read[2] ?? 's'] ?? 1_000);
}

async function decide(deps: RolloutDeps, service: Service, rollout: Rollout, at: number): Promise<void> {
  const outcome = await rollout.outcome;
  if (rollout.phase === 'retired') return;
  const { hiccup } = rollout.knobs;
  if (outcome.ok) rollout.predict = outcome.predict;
  const failure = failureOf(rollout, outcome);
  if (failure !== undefined) return fail(deps, service, { rollout, failure, at });
  if (hiccup === undefined) return ready(deps, service, rollout, at);
  const first = {
    container: 'kserve-container',
    reason: 'Error',
    message: hiccup.message,
    exitCode: 1,
  } as const;
  fail(deps, service, { rollout, failure: first, at });
  deps.later(service, at + hiccup.forMs, (then) => {
    if (rollout.phase !== 'retired') ready(deps, service, rollout, then);
  });
}

function failureOf({ knobs }: Rollout, outcome: ModelOutcome): ContainerFailure | undefined {
  const container = 'kserve-container' as const;
  if (knobs.crash !== undefined) {
    const { exitCode, reason } = knobs.crash;
    return { container, reason, exitCode, message: '' };
  }
  if (knobs.failLoad !== undefined)
    return { container, reason: 'Error', exitCode: 1, message: knobs.failLoad };
  if (outcome.ok) return undefined;
  const message = `${outcome.reason}: ${outcome.message}`;
  return { container: outcome.container ?? container, reason: 'Error', exitCode: 1, message };
}

function fail(
  deps: RolloutDeps,
  service: Service,
  {
    rollout,
    failure,
    at,
  }: { readonly rollout: Rollout; readonly failure: ContainerFailure; readonly at: number },
): void {
  rollout.phase = 'failed';
  rollout.changedAt = at;
  rollout.failure = failure;
  const pod = podsOf(service, rollout, 1)[0]?.name ?? '';
  const text = `Traceback (most recent call last):\n${failure.message}\n`;
  deps.log(service.namespace, pod, failure.container, text);
  const message = `Back-off restarting failed container ${failure.container} in pod ${pod}`;
  writeEvent(
    deps.store,
    { namespace: service.namespace, kind: 'Pod', name: pod },
    { reason: 'BackOff', message, at },
  );
}

function ready(deps: RolloutDeps, service: Service, rollout: Rollout, at: number): void {
  const { blip, modelStatusMs, trafficMs } = rollout.knobs;
  rollout.phase = 'ready';
  rollout.changedAt = at;
  rollout.failure = undefined;
  rollout.late = false;
  rollout.predict ??= addressModel(storageUriOf(rollout.template.predictor));
  if (rollout.number >= (service.latestReady?.number ?? 0)) service.latestReady = rollout;
  deps.later(service, at + trafficMs, () => arrive(service));
  deps.later(service, at + modelStatusMs, () => {
    if (currentOf(service)?.phase === 'ready') service.modelKnown = true;
  });
  if (blip === undefined) return;
  deps.later(service, at + blip.afterMs, () => void (service.blip = true));
  deps.later(service, at + blip.afterMs + blip.forMs, () => void (service.blip = false));
}

/** Traffic reaches the newest ready revision; a Deployment's old pods go. */
function arrive(service: Service): void {
  const { latestReady } = service;
  if (latestReady === undefined) return;
  service.routed = { latest: latestReady, percent: service.percent };
  if (service.mode !== 'Standard' || currentOf(service)?.phase !== 'ready') return;
  for (const rollout of service.rollouts.slice(0, -1)) rollout.phase = 'retired';
}
