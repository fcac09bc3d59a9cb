import { compact, type JsonObject } from '../json.ts';
import { timestamp, uidOf } from '../api/metadata.ts';
import { childLabels, childName, type Rollout, type Service } from './service.ts';
import { storageUriOf } from './model.ts';

/** A pod as the controllers see it. */
export interface Pod {
  readonly name: string;
  readonly rollout: Rollout;
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
  readonly status: JsonObject;
}

/** The pods of one revision or ReplicaSet. */
export function podsOf(service: Service, rollout: Rollout, count: number): readonly Pod[] {
  return Array.from({ length: count }, (_none, index) => podOf(service, rollout, index));
}

function podOf(service: Service, rollout: Rollout, index: number): Pod {
  const knative = service.mode === 'Knative';
  const suffix = uidOf(`${rollout.name}/${rollout.number}/${index}`).slice(0, 5);
  const name = knative ? `${rollout.name}-deployment-${suffix}` : `${rollout.name}-${suffix}`;
  const own: JsonObject = knative
    ? {
        'serving.knative.dev/revision': rollout.name,
        'serving.knative.dev/service': childName(service),
        'serving.knative.dev/configuration': childName(service),
      }
    : { 'pod-template-hash': rollout.template.hash };
  return {
    name,
    rollout,
    labels: { ...childLabels(service), ...own, ...rollout.template.labels },
    annotations: rollout.template.annotations,
    spec: podSpec(rollout),
    status: podStatus(rollout),
  };
}

/** The pod's specification, as much of it as a reader looks at. */
export function podSpec({ template }: Rollout): JsonObject {
  const { predictor } = template;
  const uri = storageUriOf(predictor);
  return compact({
    serviceAccountName: predictor['serviceAccountName'],
    initContainers: uri === '' ? undefined : [{ name: 'storage-initializer', args: [uri, '/mnt/models'] }],
    containers: [{ name: 'kserve-container', image: 'kserve/modelserver:sandbox' }],
  });
}

function podStatus(rollout: Rollout): JsonObject {
  const ready = rollout.phase === 'ready';
  const broken = rollout.failure?.container;
  const fetching = rollout.phase === 'fetching' || broken === 'storage-initializer';
  const started = { startedAt: timestamp(rollout.createdAt) };
  const init = fetching
    ? containerStatus('storage-initializer', rollout, { running: started })
    : {
        name: 'storage-initializer',
        ready: true,
        state: { terminated: { exitCode: 0, reason: 'Completed' } },
      };
  const waiting = { waiting: { reason: 'PodInitializing' } };
  const main = containerStatus('kserve-container', rollout, fetching ? waiting : { running: started });
  return {
    phase: fetching ? 'Pending' : 'Running',
    startTime: timestamp(rollout.createdAt),
    conditions: [
      { type: 'Initialized', status: fetching ? 'False' : 'True' },
      { type: 'Ready', status: ready ? 'True' : 'False' },
      { type: 'ContainersReady', status: ready ? 'True' : 'False' },
    ],
    ...(storageUriOf(rollout.template.predictor) === '' ? {} : { initContainerStatuses: [init] }),
    containerStatuses: [main],
  };
}

/** A container that ended is waiting to be started again, and remembers how it ended. */
function containerStatus(name: string, rollout: Rollout, state: JsonObject): JsonObject {
  const { failure } = rollout;
  if (failure?.container !== name) {
    return { name, ready: rollout.phase === 'ready', restartCount: 0, state };
  }
  const { exitCode, message, reason } = failure;
  const waiting = { reason: 'CrashLoopBackOff', message: `back-off 20s restarting failed container=${name}` };
  const lastState = { terminated: { exitCode, reason, message } };
  return { name, ready: false, restartCount: 3, state: { waiting }, lastState };
}
