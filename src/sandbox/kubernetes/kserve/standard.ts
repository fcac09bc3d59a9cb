import { compact, isObject, listAt, objectAt, textAt, type Json, type JsonObject } from '../json.ts';
import { kinds } from '../api/kinds.ts';
import type { Child } from './children.ts';
import { timed, type Condition } from './conditions.ts';
import { podSpec, podsOf } from './pods.ts';
import { childName, currentOf, type Rollout, type Service } from './service.ts';
import type { View } from './view.ts';

/** What a Deployment makes of a service, and what KServe reads off it. `stored` is the Deployment's status so far. */
export function standardView(service: Service, stored: JsonObject, at: number): View {
  const current = currentOf(service);
  const old = oldOf(service);
  const live = service.stopped || current === undefined ? [] : [current];
  const pods = live.flatMap((newest) => [
    ...podsOf(service, newest, newCount(service, old)),
    ...old.flatMap((rollout) => podsOf(service, rollout, service.replicas)),
  ]);
  const status = deploymentStatus(service, stored, at);
  const oldFirst = current?.knobs.firstPod === 'old' && old.length > 0;
  return {
    children: current === undefined ? [] : [deployment(service, current, status), ...replicaSets(service)],
    pods,
    modelPods: oldFirst ? pods.toReversed() : pods,
    component: {},
    predictorReady: predictorReady(service, status),
    further: [],
    settled: true,
    broken: false,
  };
}

/** ReplicaSets that still have pods besides the newest: one that was ready, until the newest is. */
function oldOf(service: Service): readonly Rollout[] {
  return service.rollouts.slice(0, -1).filter((rollout) => rollout.phase === 'ready');
}

/** One pod more than wanted while the old ones serve, all at once otherwise. */
function newCount(service: Service, old: readonly Rollout[]): number {
  return currentOf(service)?.phase === 'ready' || old.length === 0 ? service.replicas : 1;
}

/** Until its controller has seen a change, a Deployment's status is that of before. */
function deploymentStatus(service: Service, stored: JsonObject, at: number): JsonObject {
  const current = currentOf(service);
  if (current === undefined || service.observed < service.generation) return stored;
  const old = oldOf(service).length * service.replicas;
  const ready = current.phase === 'ready';
  const updatedReplicas = newCount(service, oldOf(service));
  const replicas = updatedReplicas + old;
  const available = (ready ? updatedReplicas : 0) + old;
  return compact({
    observedGeneration: service.observed,
    replicas,
    updatedReplicas,
    readyReplicas: available === 0 ? undefined : available,
    availableReplicas: available === 0 ? undefined : available,
    unavailableReplicas: replicas === available ? undefined : replicas - available,
    conditions: timed(
      listAt(stored, 'conditions'),
      [availableCondition(available >= service.replicas), progressing(current, ready && old === 0)],
      at,
    ),
  });
}

function availableCondition(enough: boolean): Condition {
  const type = 'Available';
  if (enough) {
    const message = 'Deployment has minimum availability.';
    return { type, status: 'True', reason: 'MinimumReplicasAvailable', message };
  }
  const message = 'Deployment does not have minimum availability.';
  return { type, status: 'False', reason: 'MinimumReplicasUnavailable', message };
}

function progressing(current: Rollout, complete: boolean): Condition {
  const type = 'Progressing';
  const set = `ReplicaSet "${current.name}"`;
  if (complete) {
    const message = `${set} has successfully progressed.`;
    return { type, status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  if (current.late && current.phase !== 'ready') {
    const message = `${set} has timed out progressing.`;
    return { type, status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  return { type, status: 'True', reason: 'ReplicaSetUpdated', message: `${set} is progressing.` };
}

/** Newer releases follow Progressing; older ones look at Available alone, and so stay True (specs 5.4). */
function predictorReady(service: Service, status: JsonObject): Condition {
  const type = 'PredictorReady';
  if (service.stopped) return { type, status: 'False', reason: 'Stopped', message: 'the service is stopped' };
  const available = conditionOf(status, 'Available');
  const progress = conditionOf(status, 'Progressing');
  if (service.blip) return { type, status: 'Unknown', reason: 'ReplicaSetUpdated' };
  if (available === undefined || progress === undefined) return { type, status: 'Unknown' };
  if (available.status === 'False' || currentOf(service)?.knobs.staleReady === true) {
    return { ...available, type };
  }
  if (progress.status === 'False') return { ...progress, type };
  if (progress.reason === 'NewReplicaSetAvailable') return { type, status: 'True' };
  return { ...progress, type, status: 'Unknown' };
}

function conditionOf(deployed: JsonObject, type: string): Condition | undefined {
  const found: Json | undefined = listAt(deployed, 'conditions').find(
    (one) => isObject(one) && one['type'] === type,
  );
  if (found === undefined) return undefined;
  const reason = textAt(found, 'reason');
  const status = textAt(found, 'status') === 'True' ? 'True' : 'False';
  return { type, status, reason, message: textAt(found, 'message') };
}

function deployment(service: Service, current: Rollout, status: JsonObject): Child {
  const { labels, annotations } = current.template;
  const app = { app: childName(service) };
  return {
    kind: kinds.deployments,
    name: childName(service),
    labels: {},
    annotations: { 'deployment.kubernetes.io/revision': String(current.number) },
    generation: service.generation,
    spec: {
      replicas: service.replicas,
      selector: { matchLabels: app },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      progressDeadlineSeconds: Math.round(current.knobs.progressDeadlineMs / 1000),
      template: {
        metadata: { labels: { ...app, ...labels }, annotations: objectAt(annotations) },
        spec: podSpec(current),
      },
    },
    status,
  };
}

function replicaSets(service: Service): readonly Child[] {
  return service.rollouts.map((rollout) => {
    const isNewest = rollout === currentOf(service);
    const count = isNewest
      ? newCount(service, oldOf(service))
      : rollout.phase === 'ready'
        ? service.replicas
        : 0;
    return {
      kind: kinds.replicaSets,
      name: rollout.name,
      labels: { ...rollout.template.labels, 'pod-template-hash': rollout.template.hash },
      annotations: { 'deployment.kubernetes.io/revision': String(rollout.number) },
      spec: { replicas: count },
      status: { replicas: count, readyReplicas: rollout.phase === 'ready' ? count : 0 },
    };
  });
}
