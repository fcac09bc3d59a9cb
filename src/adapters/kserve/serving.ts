import { matchesGlob } from '../../domain/glob.ts';
import { UserError } from '../../errors.ts';
import type { Serving } from '../../ports/serving.ts';
import { createAccess } from './access/access.ts';
import { createApi } from './api.ts';
import type { KserveConfig, KserveDeps } from './config.ts';
import { createPredict } from './predict.ts';
import { readService } from './read-service.ts';
import { isName } from './resources.ts';
import { createWrites } from './write-service.ts';

/**
 * One environment's KServe. Names that the configuration does not allow are refused before any request: UserError
 * `service-not-bound`. Beside the errors of the port: UserError `kserve-missing`, `service-not-supported` (it says in
 * another way than `spec.predictor.model.storageUri` what it serves), `cluster-credentials`.
 */
export function createServing(config: KserveConfig, deps: KserveDeps): Serving {
  const api = createApi(config, deps, createAccess(config, deps));
  const writes = createWrites(api, config);
  const predict = createPredict(config, deps);
  const check = (service: string): void => checkName(config, service);
  return {
    async read(service, signal) {
      check(service);
      return readService(api, config, service, signal);
    },
    async create(wanted, signal) {
      check(wanted.service);
      return writes.create(wanted, signal);
    },
    async replace(wanted, signal) {
      check(wanted.service);
      return writes.replace(wanted, signal);
    },
    async remove(wanted, signal) {
      check(wanted.service);
      return writes.remove(wanted, signal);
    },
    async predict(asked, signal) {
      check(asked.service);
      return predict(asked, signal);
    },
  };
}

function checkName({ environment, services }: KserveConfig, service: string): void {
  if (isName(service) && services.some((pattern) => matchesGlob(service, pattern))) return;
  throw new UserError(
    'service-not-bound',
    `the InferenceService ${service} is none of those that the environment ${environment} allows: ${services.join(', ')}`,
    `Name one of those in production.serving.service, or add it to environments.${environment}.kserve.services.`,
  );
}
