import { isObject, objectAt, textAt, type JsonObject } from '../json.ts';
import { badRequest, KubernetesRefusal, qualified } from '../refusal.ts';

/** What a rule allows; `*` matches all. */
export interface AccessRule {
  readonly verbs: readonly string[];
  /** `''` is the core group. */
  readonly groups: readonly string[];
  /** With subresources as `pods/log`. */
  readonly resources: readonly string[];
  /** Every namespace where it is left out. */
  readonly namespaces?: readonly string[];
}

/** The holder of a token. */
export interface Account {
  readonly user: string;
  readonly rules: readonly AccessRule[];
}

/** One thing that somebody wants to do. */
export interface Attempt {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Everybody may do everything, when there are no tokens. */
export const everybody: Account = {
  user: 'system:anonymous',
  rules: [{ verbs: ['*'], groups: ['*'], resources: ['*'] }],
};

/** @throws KubernetesRefusal 401 without a token that is known. */
export function authenticate(
  tokens: ReadonlyMap<string, Account> | undefined,
  authorization: string,
): Account {
  if (tokens === undefined) return everybody;
  const account = tokens.get(/^Bearer (.+)$/i.exec(authorization)?.[1] ?? '');
  if (account === undefined) throw new KubernetesRefusal(401, 'Unauthorized', 'Unauthorized');
  return account;
}

/** Whether a rule allows it. */
export function allows(account: Account, attempt: Attempt): boolean {
  const resource = attempt.resource + (attempt.subresource === '' ? '' : `/${attempt.subresource}`);
  const fits = (allowed: readonly string[], value: string): boolean =>
    allowed.includes('*') || allowed.includes(value);
  return account.rules.some(
    (rule) =>
      fits(rule.verbs, attempt.verb) &&
      fits(rule.groups, attempt.group) &&
      fits(rule.resources, resource) &&
      (rule.namespaces === undefined || fits(rule.namespaces, attempt.namespace)),
  );
}

/** @throws KubernetesRefusal 403, worded as RBAC does. */
export function authorise(account: Account, attempt: Attempt): void {
  if (allows(account, attempt)) return;
  const { verb, group, resource, subresource, namespace, name } = attempt;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const subject = name === '' ? '' : ` "${name}"`;
  const reason = `User "${account.user}" cannot ${verb} resource "${whole}" in API group "${group}" ${where}`;
  const message = `${qualified(group, resource)}${subject} is forbidden: ${reason}`;
  throw new KubernetesRefusal(403, 'Forbidden', message, { name, group, kind: resource });
}

/** SelfSubjectAccessReview: the same rules, asked beforehand. */
export function review(account: Account, body: unknown): JsonObject {
  const spec = isObject(body) ? body['spec'] : undefined;
  if (!isObject(spec)) throw badRequest('spec is required');
  const asked = objectAt(spec, 'resourceAttributes');
  const attempt = {
    verb: textAt(asked, 'verb') ?? '',
    group: textAt(asked, 'group') ?? '',
    resource: textAt(asked, 'resource') ?? '',
    subresource: textAt(asked, 'subresource') ?? '',
    namespace: textAt(asked, 'namespace') ?? '',
    name: textAt(asked, 'name') ?? '',
  };
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: { allowed: allows(account, attempt) },
  };
}
