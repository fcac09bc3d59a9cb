import { withValue, type JsonObject } from '../json.ts';
import { fillDefaults } from '../kserve/defaults.ts';
import { validateService } from '../kserve/validation.ts';
import { badRequest } from '../refusal.ts';
import { prune, refuseInvalid, type Strictness } from '../schema/admit.ts';
import { kinds } from './kinds.ts';
import type { Call, World } from './world.ts';

/** An object that may be stored, and what the client is warned of. */
export interface Admitted {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * Pruning and defaults, the mutating webhook, the schema, the validating webhook: for InferenceServices, in this order.
 * @throws KubernetesRefusal when one of them refuses.
 */
export function admit(
  world: World,
  call: Call,
  object: JsonObject,
  before: JsonObject | undefined,
): Admitted {
  const { kind } = call.target;
  if (kind !== kinds.inferenceServices) return { object, warnings: [] };
  const pruned = prune(kind, world.schema, object, strictness(call));
  if (call.target.subresource === 'status') {
    refuseInvalid(kind, object, pruned.causes);
    return pruned;
  }
  const filled = fillDefaults(pruned.object, world.defaultMode);
  const checked = prune(kind, world.schema, filled, { validation: 'Ignore' });
  refuseInvalid(kind, object, checked.causes);
  validateService(checked.object, before);
  const status = object['status'];
  return { object: withValue(checked.object, ['status'], status), warnings: pruned.warnings };
}

function strictness(call: Call): Strictness {
  const asked = call.query.get('fieldValidation') ?? 'Warn';
  if (asked !== 'Ignore' && asked !== 'Warn' && asked !== 'Strict') {
    throw badRequest(`invalid fieldValidation: ${asked}`);
  }
  const patching = call.contentType.includes('patch') && !call.contentType.includes('apply');
  return { validation: asked, ...(patching ? { patch: call.text } : {}) };
}
