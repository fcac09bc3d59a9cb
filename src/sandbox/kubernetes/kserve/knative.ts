import { compact, listAt, type JsonObject } from '../json.ts';
import { kinds } from '../api/kinds.ts';
import type { Child } from './children.ts';
import { allOf, copied, timed, type Condition } from './conditions.ts';
import { podSpec, podsOf, type Pod } from './pods.ts';
import { childName, currentOf, type Rollout, type Service } from './service.ts';
import { askedTraffic, propagate, revisionFields, rolledOut, sharesOf, type Revisions } from './traffic.ts';
import { type Addresses, type View } from './view.ts';

/** What was told so far. */
export interface Stored {
  /** `status.components.predictor` of the InferenceService. */
  readonly component: JsonObject;
  /** The status of the Knative Service. */
  readonly knative: JsonObject;
}

/** What Knative makes of a service, and what KServe reads off it. */
export function knativeView(service: Service, stored: Stored, addresses: Addresses, at: number): View {
  const revisions = propagate(service, rolledOut(stored.component), addresses.previous);
  const fields = revisionFields(revisions);
  const shares = sharesOf(fields);
  const pods = service.rollouts.flatMap((rollout) => podsFor(service, rollout, shares));
  const newest = currentOf(service);
  const conditions = serviceConditions(service);
  const ready = conditions.find((condition) => condition.type === 'Ready');
  const [configuration, routes] = conditions;
  const info = { severity: 'Info' } as const;
  return {
    children: [
      knativeService(service, revisions, { addresses, at, status: stored.knative }),
      ...service.rollouts.map((rollout) => revision(service, rollout)),
    ],
    pods,
    modelPods: pods.filter((pod) => pod.rollout === newest),
    component: fields,
    predictorReady: copied('PredictorReady', ready),
    further: [
      copied('PredictorConfigurationReady', configuration, info),
      copied('PredictorRouteReady', routes, info),
      copied('LatestDeploymentReady', configuration, info),
      copied('RoutesReady', routes, info),
    ],
    settled: newest !== undefined && newest === service.latestReady,
    broken: conditions.some((condition) => condition.status === 'False'),
  };
}

/** Revisions without traffic have no pods, unless they are the newest; what missed its deadline has none. */
function podsFor(service: Service, rollout: Rollout, shares: ReadonlyMap<string, number>): readonly Pod[] {
  if (service.stopped || rollout.late) return [];
  const wanted = rollout === currentOf(service) || (shares.get(rollout.name) ?? 0) > 0;
  return wanted ? podsOf(service, rollout, service.replicas) : [];
}

/** ConfigurationsReady, RoutesReady, and Ready from both. */
function serviceConditions(service: Service): readonly Condition[] {
  const configuration = configurationCondition(service);
  const routes = routeCondition(service);
  return [configuration, routes, copied('Ready', allOf([configuration, routes]))];
}

function configurationCondition(service: Service): Condition {
  const type = 'ConfigurationsReady';
  const newest = currentOf(service);
  if (newest === undefined) return { type, status: 'Unknown' };
  if (newest.phase === 'ready') return { type, status: 'True' };
  const why = revisionProblem(newest);
  if (why === undefined) return { type, status: 'Unknown' };
  const message = `Revision "${newest.name}" failed with message: ${why.message}.`;
  return { type, status: 'False', reason: 'RevisionFailed', message };
}

function routeCondition(service: Service): Condition {
  const type = 'RoutesReady';
  const newest = currentOf(service);
  if (service.routed === undefined) {
    const failed = newest !== undefined && revisionProblem(newest) !== undefined;
    const message = `Configuration "${childName(service)}" does not have any ready Revision.`;
    return { type, status: failed ? 'False' : 'Unknown', reason: 'RevisionMissing', message };
  }
  const behind = service.routed.latest !== service.latestReady || service.routed.percent !== service.percent;
  if (!behind && !service.blip) return { type, status: 'True' };
  return {
    type,
    status: 'Unknown',
    reason: 'IngressNotConfigured',
    message: 'Ingress has not yet been reconciled.',
  };
}

/** Why a revision is not ready and will not be. */
function revisionProblem(
  rollout: Rollout,
): { readonly reason: string; readonly message: string } | undefined {
  const { failure } = rollout;
  if (failure !== undefined) {
    const message = `Container failed with: ${failure.message}`;
    return { reason: `ExitCode${failure.exitCode}`, message };
  }
  if (!rollout.late) return undefined;
  return { reason: 'ProgressDeadlineExceeded', message: 'Initial scale was never achieved' };
}

function knativeService(
  service: Service,
  revisions: Revisions,
  {
    addresses,
    at,
    status,
  }: { readonly addresses: Addresses; readonly at: number; readonly status: JsonObject },
): Child {
  const newest = currentOf(service);
  const template = newest?.template;
  return {
    kind: kinds.knativeServices,
    name: childName(service),
    labels: {},
    generation: service.generation,
    spec: {
      template: {
        metadata: compact({ labels: template?.labels, annotations: template?.annotations }),
        spec: newest === undefined ? {} : podSpec(newest),
      },
      traffic: askedTraffic(service.percent, revisions.latestRolledout),
    },
    status: compact({
      observedGeneration: service.generation,
      latestCreatedRevisionName: revisions.latestCreated,
      latestReadyRevisionName: revisions.latestReady,
      traffic: revisions.traffic,
      url: service.routed === undefined ? undefined : addresses.url,
      conditions: timed(listAt(status, 'conditions'), serviceConditions(service), at),
    }),
  };
}

function revision(service: Service, rollout: Rollout): Child {
  const problem = rollout.phase === 'ready' ? undefined : revisionProblem(rollout);
  const status = rollout.phase === 'ready' ? 'True' : problem === undefined ? 'Unknown' : 'False';
  const waiting = { reason: 'Deploying', message: undefined };
  const why = status === 'True' ? {} : (problem ?? waiting);
  const conditions: readonly Condition[] = [
    { type: 'Active', status: status === 'True' ? 'True' : 'Unknown', severity: 'Info' },
    { type: 'ContainerHealthy', status, ...why },
    { type: 'Ready', status, ...why },
    { type: 'ResourcesAvailable', status: rollout.late ? 'False' : status, ...(rollout.late ? why : {}) },
  ];
  return {
    kind: kinds.revisions,
    name: rollout.name,
    labels: {
      ...rollout.template.labels,
      'serving.knative.dev/configuration': childName(service),
      'serving.knative.dev/service': childName(service),
    },
    annotations: rollout.template.annotations,
    spec: podSpec(rollout),
    status: { observedGeneration: 1, conditions: timed([], conditions, rollout.changedAt) },
  };
}
