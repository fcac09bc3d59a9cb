import { RetryableError, UserError } from '../../errors.ts';
import type { InferenceService } from '../../ports/serving.ts';
import type { Api, ApiCall } from './api.ts';
import type { KserveConfig } from './config.ts';
import { neededRule } from './explain-answer.ts';
import { textAt } from './json.ts';
import { kserveMissing } from './kserve-missing.ts';
import { modeOf, normalise } from './normalise.ts';
import { deployments, inferenceServices, isName, revisions } from './resources.ts';

/** An InferenceService as it came, with the version that it had; undefined: there is none. */
export async function getService(
  api: Api,
  config: KserveConfig,
  service: string,
  signal: AbortSignal,
): Promise<{ readonly object: unknown; readonly resourceVersion: string } | undefined> {
  const answer = await api({ verb: 'get', resource: inferenceServices, name: service }, signal);
  if (answer.kind === 'absent') return undefined;
  if (answer.kind !== 'object') throw kserveMissing(config);
  const resourceVersion = textAt(answer.object, 'metadata', 'resourceVersion');
  if (resourceVersion === undefined || textAt(answer.object, 'metadata', 'name') !== service) {
    throw new RetryableError(
      `the cluster of the environment ${config.environment} answered something else than the InferenceService ${service}`,
    );
  }
  return { object: answer.object, resourceVersion };
}

/**
 * The InferenceService, and what it runs as: the created Revision in Knative mode, the Deployment otherwise. Where
 * these may not be read, the complaints name the right that is missing.
 */
export async function readService(
  api: Api,
  config: KserveConfig,
  service: string,
  signal: AbortSignal,
): Promise<InferenceService | undefined> {
  const found = await getService(api, config, service, signal);
  if (found === undefined) return undefined;
  const mode = modeOf(found.object);
  const created = textAt(found.object, 'status', 'components', 'predictor', 'latestCreatedRevision');
  const complaints: string[] = [];
  const look = (call: ApiCall): Promise<unknown> => lookAt(api, call, complaints, signal);
  const revision =
    mode === 'knative' && created !== undefined && isName(created)
      ? await look({ verb: 'get', resource: revisions, name: created })
      : undefined;
  const deployment =
    mode === 'standard' || mode === 'unknown'
      ? await look({ verb: 'get', resource: deployments, name: deploymentName(found.object, service) })
      : undefined;
  return {
    name: service,
    resourceVersion: found.resourceVersion,
    ...normalise({ service: found.object, revision, deployment, complaints }),
  };
}

/** Since 0.20 a predictor may have a name, which a promoted canary keeps (specs kubeflow-kserve 5.5). */
function deploymentName(object: unknown, service: string): string {
  const variant = textAt(object, 'spec', 'predictor', 'name');
  return variant !== undefined && isName(variant)
    ? `${service}-${variant}-predictor`
    : `${service}-predictor`;
}

async function lookAt(api: Api, call: ApiCall, complaints: string[], signal: AbortSignal): Promise<unknown> {
  try {
    const answer = await api(call, signal);
    return answer.kind === 'object' ? answer.object : undefined;
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.code !== 'cluster-unauthorised') throw thrown;
    complaints.push(`modelgate may not see ${call.resource.plural}: its Role lacks ${neededRule(call)}`);
    return undefined;
  }
}
