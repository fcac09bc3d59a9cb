import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** layer → what it may import from src; every layer may also import errors, limits and the type of the logger. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  sandbox: [],
  formats: ['domain'],
  rules: ['domain', 'formats'],
  ports: ['domain'],
  report: ['domain'],
  config: ['domain', 'formats'],
  gate: ['domain', 'formats', 'rules', 'ports', 'report'],
  commands: ['domain', 'formats', 'rules', 'ports', 'report'],
  release: ['domain', 'formats', 'rules', 'ports', 'report'],
  jobs: ['domain', 'ports', 'gate', 'commands'],
  http: ['domain', 'ports', 'report'],
  net: [],
  adapters: ['domain', 'formats', 'ports', 'net'],
  compose: [
    'domain',
    'formats',
    'rules',
    'ports',
    'report',
    'config',
    'gate',
    'commands',
    'release',
    'jobs',
    'http',
    'net',
    'adapters',
  ],
  cli: ['compose', 'domain', 'report', 'commands', 'sandbox'],
  'main.ts': ['cli'],
};
const foundation = ['errors.ts', 'limits.ts', 'log.ts'];

/** npm packages by layer; a layer that is not named may import none. */
const packages: Readonly<Record<string, readonly string[]>> = {
  formats: ['js-yaml', 'zod'],
  config: ['zod'],
  http: ['fastify'],
  net: ['undici'],
  adapters: [
    '@gitbeaker/rest',
    '@gitbeaker/requester-utils',
    '@octokit/auth-app',
    '@octokit/core',
    'bullmq',
    'ioredis',
    'openid-client',
    'pino',
    'tinyexec',
    'undici',
    'zod',
  ],
};
/** Layers that are pure: no `node:` module but these. */
const pure: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  formats: ['node:crypto', 'node:buffer', 'node:path/posix'],
  rules: ['node:crypto'],
  ports: [],
  report: ['node:crypto'],
  gate: ['node:crypto'],
  release: ['node:crypto'],
  commands: [],
  jobs: [],
};

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly target: string;
}

function sourceFiles(): readonly string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    layer: layerOf(file),
    target: match[1] ?? match[2] ?? match[3] ?? '',
  }));
}

function layerOf(file: string): string {
  return file.split(sep)[0] ?? '';
}

/** The path below src that a relative import names. */
function resolved(entry: Import): string {
  return relative(src, resolve(src, dirname(entry.file), entry.target));
}

const files = sourceFiles();
const imports = files.flatMap(importsOf);
const local = imports.filter((entry) => entry.target.startsWith('.'));
const foreign = imports.filter((entry) => !entry.target.startsWith('.'));

describe('architecture', () => {
  test('the test sees files and imports', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(local.length).toBeGreaterThan(800);
  });

  test('every folder is a layer of the table, and every layer of the table exists', () => {
    const layers = new Set(files.map(layerOf).filter((layer) => !foundation.includes(layer)));

    expect([...layers].toSorted()).toEqual(Object.keys(mayImport).toSorted());
  });

  test('layers import only what the table allows', () => {
    const forbidden = local.filter((entry) => {
      const target = layerOf(resolved(entry));
      if (foundation.includes(target) || foundation.includes(entry.layer)) return entry.layer === 'sandbox';
      if (target === entry.layer) return false;
      return !(mayImport[entry.layer] ?? []).includes(target);
    });

    expect(forbidden.map((entry) => `${entry.file} -> ${entry.target}`)).toEqual([]);
  });

  test('an adapter imports no other adapter', () => {
    const folder = (path: string): string => path.split(sep).slice(0, 2).join('/');
    const crossing = local.filter((entry) => {
      const target = resolved(entry);
      return (
        entry.layer === 'adapters' && layerOf(target) === 'adapters' && folder(target) !== folder(entry.file)
      );
    });

    expect(crossing.map((entry) => `${entry.file} -> ${entry.target}`)).toEqual([]);
  });

  test('packages enter only where the table allows', () => {
    const forbidden = foreign.filter((entry) => {
      if (entry.target.startsWith('node:')) return false;
      const name = entry.target
        .split('/')
        .slice(0, entry.target.startsWith('@') ? 2 : 1)
        .join('/');
      return !(packages[entry.layer] ?? []).includes(name);
    });

    expect(forbidden.map((entry) => `${entry.file} -> ${entry.target}`)).toEqual([]);
  });

  test('built-in modules are named with node: and stay out of the pure layers', () => {
    const bare = foreign.filter((entry) => builtinModules.includes(entry.target));
    const impure = foreign.filter((entry) => {
      const allowed = pure[entry.layer];
      return allowed !== undefined && entry.target.startsWith('node:') && !allowed.includes(entry.target);
    });

    expect([...bare, ...impure].map((entry) => `${entry.file} -> ${entry.target}`)).toEqual([]);
  });

  test('only main.ts and the configuration know the environment', () => {
    const readers = files.filter((file) => /process\.env/.test(readFileSync(join(src, file), 'utf8')));

    expect(readers.filter((file) => file !== 'main.ts' && layerOf(file) !== 'config')).toEqual([]);
  });

  test('no file is longer than 250 lines', () => {
    const lines = (file: string): number => readFileSync(join(src, file), 'utf8').split('\n').length - 1;

    expect(files.filter((file) => lines(file) > 250 && !file.includes('.generated.'))).toEqual([]);
  });

  test('no folder hides what it holds', () => {
    const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.ts$)/.test(file));

    expect(vague).toEqual([]);
  });
});
