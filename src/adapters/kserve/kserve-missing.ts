import { UserError } from '../../errors.ts';
import type { KserveConfig } from './config.ts';

/** The cluster does not know what an InferenceService is. */
export function kserveMissing({ environment }: KserveConfig): UserError {
  return new UserError(
    'kserve-missing',
    `the cluster of the environment ${environment} has no InferenceServices (serving.kserve.io/v1beta1)`,
    'Install KServe there, or configure the cluster that has it.',
  );
}
