import { RetryableError, UserError } from '../../errors.ts';
import type { HttpAnswer } from '../../net/request.ts';
import { parseRetryAfter } from '../../net/retry-after.ts';
import type { ApiAnswer, ApiCall } from './api.ts';
import { isObject, numberAt, oneLine, textAt, valueAt } from './json.ts';

/** An answer that is not the object that was asked for. */
export interface Unhappy {
  readonly answer: HttpAnswer;
  /** The parsed body; undefined: no JSON, or too long. */
  readonly object: unknown;
  readonly call: ApiCall & { readonly environment: string; readonly namespace: string };
  readonly now: Date;
  /** What must not be repeated, should the server repeat it. */
  readonly secret: string | undefined;
}

const longestWaitMs = 60 * 60 * 1000;
const passing = new Set([408, 425, 429]);

/** Decided by status, reason and details of the server's Status object, never by its message. @throws most of the time */
export function explainAnswer(unhappy: Unhappy): ApiAnswer {
  const { answer, call, object } = unhappy;
  const { status } = answer;
  if (status === 404) {
    const kind = textAt(object, 'details', 'kind');
    if (kind === undefined || textAt(object, 'details', 'name') === undefined)
      return { kind: 'unknown-resource' };
    // The namespace of a new object can be what is absent.
    if (kind === call.resource.plural) return { kind: 'absent' };
    throw refused(unhappy);
  }
  if (status === 409 && call.verb !== 'get') return { kind: 'conflict' };
  if (status === 409 || status >= 500 || passing.has(status)) {
    throw new RetryableError(sentence(unhappy), { retryAfter: waitOf(unhappy) });
  }
  if (status < 300) throw strange(unhappy);
  if (status === 401 || (status === 403 && isMissingRight(unhappy))) throw unauthorised(unhappy);
  throw refused(unhappy);
}

/** Webhooks refuse with 403 too; they name no resource in `details`, as the authoriser does. */
function isMissingRight({ call, object }: Unhappy): boolean {
  return call.verb === 'get' || !isObject(object) || isObject(valueAt(object, 'details'));
}

/** The rule of a Role that allows the call. */
export function neededRule({ verb, resource }: Pick<ApiCall, 'verb' | 'resource'>): string {
  return `{apiGroups: ["${resource.group}"], resources: ["${resource.plural}"], verbs: ["${verb}"]}`;
}

function unauthorised(unhappy: Unhappy): UserError {
  const { answer, call } = unhappy;
  const { environment, namespace } = call;
  return new UserError(
    'cluster-unauthorised',
    sentence(unhappy),
    answer.status === 401
      ? `Give environments.${environment}.kserve credentials that the cluster accepts: they may have expired.`
      : `Add ${neededRule(call)} to the Role of the release worker in the namespace ${namespace}; deploy/kubernetes/rbac.yaml has all of it.`,
  );
}

function refused(unhappy: Unhappy): UserError {
  const { status } = unhappy.answer;
  return new UserError(
    'cluster-refused',
    sentence(unhappy),
    status < 400
      ? checkAddress(unhappy.call.environment)
      : 'Read the reason that the cluster gives; trying again does not help.',
  );
}

function strange(unhappy: Unhappy): RetryableError {
  const what = `${sentence(unhappy)}: the answer is no JSON, or too long`;
  const remedy = checkAddress(unhappy.call.environment);
  return new RetryableError(what, { advice: { what, remedy } });
}

function checkAddress(environment: string): string {
  return `Check that the address of the cluster of the environment ${environment} is that of its API server.`;
}

/** `the cluster of the environment prod answered 403 to patch inferenceservices.serving.kserve.io auto-mpg in …: why`. */
function sentence({ answer, object, call, secret }: Unhappy): string {
  const { resource, environment, namespace, verb, name } = call;
  const told = oneLine(textAt(object, 'message') ?? '');
  const why = secret === undefined ? told : told.replaceAll(secret, '***');
  const what = `${verb} ${resource.plural}.${resource.group} ${name} in the namespace ${namespace}`;
  return `the cluster of the environment ${environment} answered ${answer.status} to ${what}${why === '' ? '' : `: ${why}`}`;
}

function waitOf({ answer, object, now }: Unhappy): number | undefined {
  const asked = parseRetryAfter(answer.headers['retry-after'], now, longestWaitMs);
  const seconds = numberAt(object, 'details', 'retryAfterSeconds');
  if (asked !== undefined || seconds === undefined || seconds <= 0) return asked;
  return Math.min(seconds * 1000, longestWaitMs);
}
