import { UserError } from '../errors.ts';
import { checkAppKeys } from './check-app-keys.ts';
import { checkPages } from './check-pages.ts';
import { checkSecrets } from './check-secrets.ts';
import type { Config } from './config.ts';
import { complete, deepFreeze } from './complete.ts';
import { applyEnvironment, type Override } from './environment.ts';
import { configProblems, pathText, type ConfigProblem } from './problems.ts';
import { readConfigFile, readConfigText, type ConfigFile } from './read-file.ts';
import type { Readers } from './readers.ts';
import { createConfigSchema } from './schema.ts';
import { toJsonSchema } from './to-json-schema.ts';

/** Where the configuration comes from. */
export interface LoadOptions extends Readers {
  /** The file; undefined: `MODELGATE_CONFIG`, else `modelgate.yaml` in the working directory where there is one. */
  readonly path?: string | undefined;
}

const defaultPath = 'modelgate.yaml';

/**
 * The server's configuration: environment before file before defaults, checked as a whole, frozen. Every secret is
 * read once, so that one that cannot be had is found now and not by the first delivery.
 * @throws UserError `config-invalid` with one line for each problem; `config-missing`; `config-unreadable`.
 */
export function loadConfig(options: LoadOptions): Config {
  const file = openFile(options.path ?? emptyToUndefined(options.env['MODELGATE_CONFIG']), options);
  const schema = createConfigSchema(options);
  const { value, overrides, notes } = applyEnvironment(file?.value ?? {}, options.env, toJsonSchema(schema));
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) throw invalid(configProblems(parsed.error.issues, schema), file, overrides);
  const wrong = [...checkSecrets(parsed.data), ...checkAppKeys(parsed.data), ...checkPages(parsed.data)];
  if (wrong.length > 0) throw invalid(wrong, file, overrides);
  const config = complete(parsed.data, options, notes);
  return deepFreeze(config);
}

function openFile(path: string | undefined, readers: Readers): ConfigFile | undefined {
  const name = path ?? defaultPath;
  const text = readConfigText(name, (file) => readers.readFile(file));
  if (text === undefined) {
    if (path === undefined) return undefined;
    throw new UserError(
      'config-missing',
      `there is no file ${name}`,
      'Name an existing file with --config, or leave it out and set variables.',
    );
  }
  const read = readConfigFile(name, text);
  if (read.kind === 'file') return read.file;
  throw wrongConfig(read.problems);
}

function invalid(
  problems: readonly ConfigProblem[],
  file: ConfigFile | undefined,
  overrides: readonly Override[],
): UserError {
  const lines = problems.map(({ path, on, message }) => {
    const key = pathText(path);
    const override = overrides.find((candidate) => pathText(candidate.path) === key);
    const where = override?.name ?? file?.placeOf(path, on) ?? 'environment';
    return `${where} ${key}: ${message}`;
  });
  return wrongConfig(lines.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
}

function wrongConfig(lines: readonly string[]): UserError {
  const count = lines.length === 1 ? 'one problem' : `${lines.length} problems`;
  return new UserError(
    'config-invalid',
    `the configuration has ${count}:\n${lines.join('\n')}`,
    'Repair every line; docs/configuration.md lists all settings.',
  );
}

function emptyToUndefined(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
