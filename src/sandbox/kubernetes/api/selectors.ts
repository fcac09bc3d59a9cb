import { objectAt, textAt, type JsonObject } from '../json.ts';
import { badRequest } from '../refusal.ts';

/** Whether an object is meant. */
export type Matcher = (object: JsonObject) => boolean;

/** Reads `labelSelector` and `fieldSelector`. @throws KubernetesRefusal 400 for what cannot be read. */
export function matcherOf(query: URLSearchParams): Matcher {
  const labels = parts(query.get('labelSelector') ?? '').map(labelRequirement);
  const fields = parts(query.get('fieldSelector') ?? '').map(fieldRequirement);
  return (object) => [...labels, ...fields].every((matches) => matches(object));
}

/** Splits at commas outside of brackets. */
function parts(selector: string): readonly string[] {
  const split = selector.split(/,(?![^(]*\))/).map((part) => part.trim());
  return split.filter((part) => part !== '');
}

function labelRequirement(part: string): Matcher {
  const set = /^([^\s!=]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    const inside = set[2] === 'in';
    return (object) => values.includes(label(object, set[1] ?? '') ?? '\0') === inside;
  }
  const equality = /^([^\s!=]+)\s*(==|=|!=)\s*([^\s=]*)$/.exec(part);
  if (equality !== null) {
    const equal = equality[2] !== '!=';
    return (object) => (label(object, equality[1] ?? '') === equality[3]) === equal;
  }
  const exists = /^(!?)([^\s!=]+)$/.exec(part);
  if (exists === null) throw badRequest(`unable to parse requirement: found '${part}'`);
  return (object) => (label(object, exists[2] ?? '') !== undefined) === (exists[1] === '');
}

function label(object: JsonObject, key: string): string | undefined {
  return textAt(objectAt(object, 'metadata', 'labels'), key);
}

/** Custom resources know only name and namespace; events are also found by what they are about. */
function fieldRequirement(part: string): Matcher {
  const read = /^([\w.]+)(==|=|!=)(.*)$/.exec(part);
  const known = /^(?:metadata\.name|metadata\.namespace|involvedObject\.\w+|status\.phase|reason|type)$/;
  if (read === null || !known.test(read[1] ?? '')) {
    throw badRequest(`field label not supported: ${read?.[1] ?? part}`);
  }
  const path = (read[1] ?? '').split('.');
  return (object) => ((textAt(object, ...path) ?? '') === read[3]) === (read[2] !== '!=');
}
