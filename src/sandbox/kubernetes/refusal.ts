import { compact, type JsonObject } from './json.ts';

/** One reason of a refusal, at one field. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** What a refusal is about. */
export interface About {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/** A request that is not carried out, with the Status object that is answered. */
export class KubernetesRefusal extends Error {
  override readonly name = 'KubernetesRefusal';
  readonly status: JsonObject;
  readonly code: number;

  constructor(code: number, reason: string, message: string, about: About = {}) {
    super(message);
    this.code = code;
    this.status = failure(code, reason, message, about);
  }
}

/** The Status object of a failure. */
export function failure(code: number, reason: string, message: string, about: About = {}): JsonObject {
  const { causes, ...rest } = about;
  const details = compact({ ...rest, causes: causes?.map((cause) => ({ ...cause })) });
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(Object.keys(details).length === 0 ? {} : { details }),
    code,
  };
}

/** `inferenceservices.serving.kserve.io`; core resources have no group. */
export function qualified(group: string, plural: string): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** A resource as refusals name it. */
export interface Named {
  readonly group: string;
  readonly plural: string;
  readonly name: string;
}

function about({ group, plural, name }: Named): About {
  return { name, ...(group === '' ? {} : { group }), kind: plural };
}

/** 404 of one object. */
export function notFound(named: Named): KubernetesRefusal {
  const message = `${qualified(named.group, named.plural)} "${named.name}" not found`;
  return new KubernetesRefusal(404, 'NotFound', message, about(named));
}

/** 404 of a path that the server does not know. */
export function unknownPath(): KubernetesRefusal {
  return new KubernetesRefusal(404, 'NotFound', 'the server could not find the requested resource');
}

/** 409: it is there already. */
export function alreadyExists(named: Named): KubernetesRefusal {
  const message = `${qualified(named.group, named.plural)} "${named.name}" already exists`;
  return new KubernetesRefusal(409, 'AlreadyExists', message, about(named));
}

/** 409: written by somebody else meanwhile. */
export function conflict(named: Named, why = modified): KubernetesRefusal {
  const what = `${qualified(named.group, named.plural)} "${named.name}"`;
  const message = `Operation cannot be fulfilled on ${what}: ${why}`;
  return new KubernetesRefusal(409, 'Conflict', message, about(named));
}

const modified =
  'the object has been modified; please apply your changes to the latest version and try again';

/** 422 with its causes, worded as the API server joins them. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Cause[],
): KubernetesRefusal {
  const each = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = each.length === 1 ? (each[0] ?? '') : `[${each.join(', ')}]`;
  const message = `${qualified(kind.group, kind.kind)} "${name}" is invalid: ${list}`;
  return new KubernetesRefusal(422, 'Invalid', message, { name, group: kind.group, kind: kind.kind, causes });
}

/** 400. */
export function badRequest(message: string): KubernetesRefusal {
  return new KubernetesRefusal(400, 'BadRequest', message);
}

/** 410: the history does not reach back so far. */
export function gone(message: string): KubernetesRefusal {
  return new KubernetesRefusal(410, 'Expired', message);
}
