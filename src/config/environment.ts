import { suggest } from '../domain/suggest.ts';
import { envSettings, type EnvSetting } from './env-names.ts';
import type { Environment } from './expand.ts';
import { isGroup, type Group } from './read-file.ts';
import type { JsonSchema } from './to-json-schema.ts';

/** A setting that a variable gives. */
export type Override = EnvSetting;

/** Names of variables that others are used to. The first that is set wins. */
const otherNames: readonly Override[] = [{ name: 'REDIS_URL', path: ['redis', 'url'] }];

/** `MODELGATE_CONFIG`, the path of a `redis-server`, and what Kubernetes puts into every pod when there is a Service called modelgate. */
const notSettings =
  /^MODELGATE_(?:CONFIG|REDIS_SERVER|(?:\w+_)?SERVICE_(?:HOST|PORT\w*)|(?:\w+_)?PORT_\d+_(?:TCP|UDP|SCTP)\w*)$/;
const serviceAddress = /^(?:tcp|udp|sctp):\/\//;

/**
 * The file's values with what the environment says put over them. A variable is put in as a reference to itself
 * (`${MODELGATE_LISTEN_PORT}`), so that it is read, and a secret kept, as if it stood in the file.
 */
export function applyEnvironment(
  file: Group,
  env: Environment,
  schema: JsonSchema,
): { readonly value: Group; readonly overrides: readonly Override[]; readonly notes: readonly string[] } {
  const settings = envSettings(schema);
  const overrides = [...otherNames, ...settings].filter(({ name }) => Boolean(env[name]));
  let value = file;
  for (const { name, path } of overrides) value = put(value, path, `\${${name}}`);
  return { value, overrides: overrides.toReversed(), notes: unknownNames(env, settings) };
}

/** A copy with one value replaced; where the file has something else than a group on the way, it stays for the check. */
function put(group: Group, path: readonly string[], text: string): Group {
  const [key, ...rest] = path;
  if (key === undefined) return group;
  if (rest.length === 0) return { ...group, [key]: text };
  const inner = group[key] ?? {};
  if (!isGroup(inner)) return group;
  return { ...group, [key]: put(inner, rest, text) };
}

function unknownNames(env: Environment, settings: readonly EnvSetting[]): readonly string[] {
  const known = settings.map(({ name }) => name);
  const unknown = Object.keys(env).filter(
    (name) =>
      name.startsWith('MODELGATE_') &&
      !known.includes(name) &&
      !notSettings.test(name) &&
      !serviceAddress.test(env[name] ?? ''),
  );
  return unknown.sort().map((name) => {
    const meant = suggest(name, known);
    return `the variable ${name} is no setting and is ignored${meant === undefined ? '' : `; did you mean ${meant}?`}`;
  });
}
