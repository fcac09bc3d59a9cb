import { RetryableError, UserError } from '../../errors.ts';
import type { HttpAnswer } from '../../net/request.ts';
import { parseRetryAfter } from '../../net/retry-after.ts';
import type { Said } from './said.ts';

/** An answer that is none of the expected ones, and what was asked. */
export interface Refusal {
  readonly answer: HttpAnswer;
  readonly said: Said;
  readonly json: boolean;
  /** Method and path, no query. */
  readonly what: string;
  readonly host: string;
  readonly now: Date;
}

/** What a refusal means. `absent` and `exists` may be what was wanted; `error` is thrown where they are not. */
export interface Meaning {
  readonly kind: 'absent' | 'exists' | 'refused' | 'error';
  readonly error: RetryableError | UserError;
}

const codes = {
  notFound: 5,
  alreadyExists: 6,
  forbidden: 7,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
};
const passing = new Set([408, 425, 429, 502, 503, 504]);
const longestWaitMs = 60 * 60 * 1000;

/**
 * The server answers 500 to specifications that it cannot compile or validate, and only its words tell them from an
 * outage (specs kubeflow-kserve 2.0, 3.7).
 */
const permanent = /failed to compile|failed to validate workflow|invalid manifest|not found/i;

/** Servers before 2.2 answer 500 to an upload under a name that is taken (specs kubeflow-kserve 3.9). */
const taken = /already exist/i;

/** Uploads answer 400 to those who may not (specs kubeflow-kserve 3.1). */
const unauthorised = /authori[sz]|unauthenticated/i;

const remedies = {
  login:
    'Kubeflow takes three kinds of callers: nobody in particular (single-user: give the address of the API inside of the cluster, http://ml-pipeline.<namespace>:8888), a pod with a projected service-account token for the audience pipelines.kubeflow.org (kubeflow.token: file:…), or a bearer token that its ingress accepts (kubeflow.token).',
  rights:
    'Let the user of kubeflow.token get, list and create pipelines, experiments and runs, terminate runs and read their logs in the namespace (API group pipelines.kubeflow.org).',
  address: 'Correct kubeflow.url: the address in front of /apis/v2beta1.',
  specification:
    'Correct the pipeline or its parameters by what the server says; trying again does not help. Its log may say more.',
} as const;

/** What an answer means that is no success, or a success without JSON (specs kubeflow-kserve 3.7). */
export function mapAnswer(refusal: Refusal): Meaning {
  const { answer, said, host, what, json, now } = refusal;
  const { status } = answer;
  const message = `${host} answered ${status} to ${what}${reasonOf(refusal)}`;
  const retry = (): Meaning => ({
    kind: 'error',
    error: new RetryableError(message, {
      retryAfter: parseRetryAfter(answer.headers['retry-after'], now, longestWaitMs),
    }),
  });
  const login = (remedy: string): Meaning => ({
    kind: 'error',
    error: new UserError('kubeflow-unauthorised', message, remedy),
  });
  const refused = (kind: 'absent' | 'exists' | 'refused', remedy: string): Meaning => ({
    kind,
    error: new UserError('kubeflow-refused', message, remedy),
  });
  if (passing.has(status) || said.code === codes.unavailable) return retry();
  if (status === 403 || said.code === codes.forbidden) return login(`${remedies.rights} ${remedies.login}`);
  if (status === 401 || status < 400 || said.code === codes.unauthenticated) return login(remedies.login);
  const elsewhere: Meaning = {
    kind: 'refused',
    error: new UserError('kubeflow-address', message, remedies.address),
  };
  // Proxies in front have other bodies for what they do not find.
  if (status === 404 && said.code === codes.notFound) return refused('absent', remedies.specification);
  if (status === 404) return elsewhere;
  if (status === 409) {
    const exists = said.code === codes.alreadyExists || said.code === undefined;
    return refused(exists ? 'exists' : 'refused', remedies.specification);
  }
  if (status === 501 || status === 405 || said.code === codes.unimplemented) return elsewhere;
  if (status >= 500) {
    if (isUpload(what) && taken.test(said.whole)) return refused('exists', remedies.specification);
    return json && permanent.test(said.whole) ? refused('refused', remedies.specification) : retry();
  }
  if (isUpload(what)) {
    if (unauthorised.test(said.whole)) return login(remedies.rights);
    return refused(
      'refused',
      `${remedies.specification} It answers like this to users without the right to create, too.`,
    );
  }
  return refused('refused', remedies.specification);
}

function isUpload(what: string): boolean {
  return /\/upload(?:_version)?$/.test(what);
}

/** What a page says is not worth showing: it is a login form or a proxy's. */
function reasonOf({ answer, said, json }: Refusal): string {
  if (answer.status >= 300 && answer.status < 400) {
    const to = answer.headers['location'];
    if (to === undefined || !URL.canParse(to, answer.url.href)) return ' (a redirect)';
    return ` (a redirect to ${new URL(to, answer.url.href).origin})`;
  }
  if (answer.status < 300) return ' with something that is no JSON';
  const page = !json && /^\s*</.test(said.whole);
  return said.reason === '' || page ? '' : `: ${said.reason}`;
}
