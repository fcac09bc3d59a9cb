import type { Production } from './policy.ts';

/** A production target as the server's configuration binds it. */
export interface Environment {
  readonly name: string;
  /** Whether the policy of the repository with this path may name it. */
  serves(path: string): boolean;
  /** Whether the configuration names the branch; the default branch may be released in any case. */
  names(branch: string): boolean;
  readonly releasesPerDay: number;
  /** Whether it has a Kubeflow. */
  readonly trains: boolean;
  /** Prefix that models are published below, with `/` at its end; undefined: nothing can be published. */
  readonly publish: string | undefined;
  /** Prefix below which runs write their manifests, with `/` at its end. */
  readonly handover: string | undefined;
  /** Whether the InferenceService may be changed; undefined: it has no KServe. */
  readonly mayChange: ((service: string) => boolean) | undefined;
}

/** Why something is not done, and what to do about it. */
export interface Refusal {
  readonly reason: string;
  readonly remedy: string;
}

/** Whether a branch may be released at all: whoever may push to it decides what gets to production. */
export function mayRelease(
  tip: { readonly path: string; readonly branch: string; readonly isDefault: boolean },
  environments: Iterable<Environment>,
): boolean {
  if (tip.isDefault) return true;
  return [...environments].some((one) => one.serves(tip.path) && one.names(tip.branch));
}

/** The environment that a policy names for a repository, or why it may not: nothing is asked of anybody before. */
export function boundEnvironment(
  production: Production,
  of: { readonly path: string; readonly branch: string; readonly isDefault: boolean },
  environments: ReadonlyMap<string, Environment>,
): Environment | Refusal {
  const { environment: name, model, serving } = production;
  const environment = environments.get(name);
  if (environment === undefined || !environment.serves(of.path))
    return {
      reason: `the policy names the environment "${name}", which is not bound to ${of.path}`,
      remedy: `Bind ${of.path} in environments.${name}.repositories of the server's configuration, or name another environment in .modelgate.yaml.`,
    };
  const missing = (what: string, setting: string): Refusal => ({
    reason: `the environment "${name}" has no ${what}, which the policy needs`,
    remedy: `Set environments.${name}.${setting} in the server's configuration.`,
  });
  if (!of.isDefault && !environment.names(of.branch))
    return {
      reason: `the branch "${of.branch}" is neither the default branch nor bound to the environment "${name}"`,
      remedy: `Name the branch in environments.${name}.branches of the server's configuration.`,
    };
  if (!environment.trains) return missing('Kubeflow', 'kubeflow');
  if (model !== undefined && environment.publish === undefined)
    return missing('place to publish models', 'publish');
  if (serving === undefined) return environment;
  if (environment.mayChange === undefined) return missing('KServe', 'kserve');
  if (model === undefined)
    return {
      reason: 'the policy has production.serving and no production.model: there is no model to serve',
      remedy: 'Say in production.model of .modelgate.yaml where the trained model is found.',
    };
  if (environment.mayChange(serving.service)) return environment;
  return {
    reason: `the environment "${name}" may not change the InferenceService "${serving.service}"`,
    remedy: `Add a pattern for it to environments.${name}.kserve.services of the server's configuration, or name another service in .modelgate.yaml.`,
  };
}
