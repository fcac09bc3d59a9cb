import { valueAt } from '../../../src/adapters/kserve/json.ts';
import type { Fields } from '../../contracts/serving.ts';
import { deployments, services, type Requests } from './requests.ts';
import { condition } from './objects.ts';

/** KServe's controller, played: it writes what the real one would, when it is told to. */
export interface Player {
  bringUp(service: string): Promise<void>;
  breakDown(service: string, message: string): Promise<void>;
}

interface Known {
  readonly template: string;
  readonly count: number;
  readonly rolledOut: string | undefined;
}

/** Writes the status of InferenceServices, and in Standard mode their Deployments with their status. */
export function createPlayer(requests: Requests, mode: 'knative' | 'standard'): Player {
  const known = new Map<string, Known>();

  /** The newest edit becomes the newest revision; one that changes the percentage alone makes none. */
  async function adopt(service: string): Promise<{ readonly created: string; readonly predictor: unknown }> {
    const object = await requests.get(services, service);
    const predictor = valueAt(object, 'spec', 'predictor');
    const template = JSON.stringify(predictor, (key, value: unknown) =>
      key === 'canaryTrafficPercent' ? undefined : value,
    );
    const before = known.get(service);
    const isNew = before?.template !== template;
    const count = (before?.count ?? 0) + (isNew ? 1 : 0);
    known.set(service, { template, count, rolledOut: before?.rolledOut });
    if (mode === 'standard') await deploy(service, predictor, isNew);
    return { created: `${service}-predictor-${String(count).padStart(5, '0')}`, predictor };
  }

  async function deploy(service: string, predictor: unknown, isNew: boolean): Promise<void> {
    const name = `${service}-predictor`;
    const annotations = valueAt(predictor, 'annotations') ?? {};
    if (known.get(service)?.count === 1 && isNew) {
      await requests.create(deployments, newDeployment(name, annotations));
      return;
    }
    await requests.patch(deployments, name, { spec: { template: { metadata: { annotations } } } });
  }

  function split(created: string, rolledOut: string | undefined, percent: unknown): readonly Fields[] {
    if (typeof percent !== 'number' || rolledOut === undefined || percent === 100)
      return [{ latestRevision: true, revisionName: created, percent: 100 }];
    return [
      { latestRevision: true, revisionName: created, percent, tag: 'latest' },
      { latestRevision: false, revisionName: rolledOut, percent: 100 - percent, tag: 'prev' },
    ];
  }

  function told(service: string, more: Fields): Promise<void> {
    const deploymentMode = mode === 'knative' ? 'Knative' : 'Standard';
    return requests.patchStatus(services, service, {
      deploymentMode,
      url: `http://${service}.example.com`,
      ...more,
    });
  }

  return {
    async bringUp(service) {
      const { created, predictor } = await adopt(service);
      const before = known.get(service);
      const traffic = split(created, before?.rolledOut, valueAt(predictor, 'canaryTrafficPercent'));
      const rolledOut = traffic.length === 1 ? created : before?.rolledOut;
      if (before !== undefined) known.set(service, { ...before, rolledOut });
      const revisions = { latestCreatedRevision: created, latestReadyRevision: created };
      const component = { ...revisions, latestRolledoutRevision: rolledOut, traffic };
      if (mode === 'standard') await rolledOver(requests, `${service}-predictor`);
      await told(service, {
        conditions: [condition('PredictorReady', 'True'), condition('Ready', 'True')],
        ...(mode === 'knative' && { components: { predictor: component } }),
        modelStatus: {
          transitionStatus: 'UpToDate',
          states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
        },
      });
    },
    async breakDown(service, message) {
      const { created } = await adopt(service);
      await told(service, {
        conditions: [condition('PredictorReady', 'False', { message }), condition('Ready', 'False')],
        ...(mode === 'knative' && { components: { predictor: { latestCreatedRevision: created } } }),
        modelStatus: {
          transitionStatus: 'BlockedByFailedLoad',
          states: { activeModelState: 'Loaded', targetModelState: 'FailedToLoad' },
          lastFailureInfo: { reason: 'ModelLoadFailed', message, exitCode: 1 },
        },
      });
    },
  };
}

async function rolledOver(requests: Requests, name: string): Promise<void> {
  const found = await requests.get(deployments, name);
  const replicas = valueAt(found, 'spec', 'replicas');
  await requests.patchStatus(deployments, name, {
    observedGeneration: valueAt(found, 'metadata', 'generation'),
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
  });
}

function newDeployment(name: string, annotations: unknown): Fields {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: { containers: [{ name: 'kserve-container', image: 'kserve/sklearnserver:test' }] },
      },
    },
  };
}
