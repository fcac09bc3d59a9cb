import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cloneWhole, makeCiRepository, runScript, type CiRepository } from '../support/ci-repository.ts';
import { git } from '../support/git-repository.ts';
import { canInstallPackages } from '../support/npm-registry.ts';
import { readWorkflowCommands } from '../support/report-schemas.ts';

const root = join(import.meta.dirname, '..', '..');

const step = z.strictObject({
  name: z.string(),
  id: z.string().optional(),
  shell: z.literal('bash'),
  'working-directory': z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  run: z.string(),
});

/** What GitHub's documentation allows in the metadata of a composite action, as far as ours uses it. */
const metadata = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1).max(125),
  branding: z.strictObject({
    icon: z.literal('shield'),
    color: z.enum(['white', 'black', 'yellow', 'blue']),
  }),
  inputs: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/),
    z.strictObject({ description: z.string(), required: z.boolean(), default: z.string() }),
  ),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
  runs: z.strictObject({ using: z.literal('composite'), steps: z.array(step) }),
});

const text = readFileSync(join(root, 'action.yml'), 'utf8');
const action = metadata.parse(load(text));
const expressions = /\$\{\{ ([\w.-]+) \}\}/g;

describe('action.yml', () => {
  test('expressions — stand where GitHub fills them in, and never inside a script', () => {
    expect(action.runs.steps.filter(({ run }) => run.includes('${{'))).toEqual([]);
    expect(action.outputs).toEqual({
      verdict: { description: expect.any(String), value: '${{ steps.check.outputs.verdict }}' },
    });
  });

  test('every input — is used, and every input that is used exists', () => {
    const used = [...text.matchAll(expressions)].flatMap(([, name = '']) =>
      name.startsWith('inputs.') ? [name.slice('inputs.'.length)] : [],
    );
    expect(used.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
  });

  test('the Node that it brings — is the one that we develop with', () => {
    const { devDependencies } = z
      .object({ devDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    expect(text).toContain(` node@${devDependencies['node']}\n`);
  });
});

describe.skipIf(!canInstallPackages())('in a repository of GitHub', () => {
  let folder: string;
  let repository: CiRepository;
  let environment: Readonly<Record<string, string | undefined>>;
  const [prepare, ...others] = action.runs.steps;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgate-action-'));
    repository = await makeCiRepository(folder);
    const checkout = join(folder, 'action');
    for (const part of ['package.json', 'package-lock.json', '.npmrc', 'src'])
      await cp(join(root, part), join(checkout, part), { recursive: true });
    environment = {
      // npm finds its registry by what the machine says; of a job that runs this suite nothing is passed on.
      ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('GITHUB_'))),
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: checkout,
      npm_config_prefer_offline: 'true',
    };
    // The packages are installed once for all jobs here.
    const variables = join(folder, 'variables');
    await writeFile(variables, '');
    const env = { ...environment, RUNNER_TEMP: folder, GITHUB_ENV: variables };
    const { code, said } = await runScript(prepare?.run ?? '', { cwd: folder, env });
    if (code !== 0) throw new Error(said);
    environment = { ...environment, ...pairs(await readFile(variables, 'utf8')) };
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What a job did: how it ended, the commands to the runner, and the files that the runner reads. */
  async function runAction(
    name: string,
    job: {
      readonly inputs?: Readonly<Record<string, string>>;
      readonly variables?: Readonly<Record<string, string>>;
      readonly contexts?: Readonly<Record<string, string>>;
    } = {},
  ) {
    const temporary = join(folder, `${name}-runner`);
    await mkdir(temporary);
    const files = Object.fromEntries(
      ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map((file) => [file, join(temporary, file)]),
    );
    for (const file of Object.values(files)) await writeFile(file, '');
    const contexts: Readonly<Record<string, string>> = {
      ...Object.fromEntries(
        Object.entries(action.inputs).map(([input, { default: value }]) => [`inputs.${input}`, value]),
      ),
      ...Object.fromEntries(
        Object.entries(job.inputs ?? {}).map(([input, value]) => [`inputs.${input}`, value]),
      ),
      'github.event.repository.default_branch': 'main',
      ...job.contexts,
    };
    const filled = (value: string) =>
      value.replace(expressions, (_all, path: string) => contexts[path] ?? '');
    const workspace = join(folder, name);
    const env = {
      ...environment,
      RUNNER_TEMP: temporary,
      GITHUB_WORKSPACE: workspace,
      ...files,
      ...job.variables,
    };
    let ended: { readonly code: number | null; readonly said: string } = { code: 0, said: '' };
    for (const one of others) {
      if (ended.code !== 0) break;
      const own = Object.entries(one.env ?? {}).map(([key, value]) => [key, filled(value)]);
      const cwd = join(workspace, filled(one['working-directory'] ?? '.'));
      ended = await runScript(one.run, { cwd, env: { ...env, ...Object.fromEntries(own) } });
    }
    return {
      code: ended.code,
      ...readWorkflowCommands(ended.said),
      outputs: pairs(await readFile(files['GITHUB_OUTPUT']!, 'utf8')),
      summary: await readFile(files['GITHUB_STEP_SUMMARY']!, 'utf8'),
      workspace,
    };
  }

  test(
    'a broken pull request — fails with annotations, a summary, a verdict and what was asked for',
    { timeout: 120_000 },
    async () => {
      await cloneWhole(repository.url, join(folder, 'broken'), 'broken');
      const done = await runAction('broken', {
        inputs: { reports: 'sarif=modelgate.sarif\njunit=modelgate.xml\n' },
        variables: { GITHUB_BASE_REF: 'main' },
      });

      expect([done.code, done.outputs]).toEqual([1, { verdict: 'failed' }]);
      const annotated = done.commands.map(
        ({ kind, properties }) => `${kind} ${properties['file']} ${properties['line']}`,
      );
      expect(annotated).toContain('error data/auto-mpg.csv.dvc 2');
      expect(annotated.join('\n')).toMatch(/^error pipelines\/production-pipeline\.yaml \d+$/m);
      expect(done.summary).toContain('❌');
      expect(JSON.parse(await readFile(join(done.workspace, 'modelgate.sarif'), 'utf8')).runs).toHaveLength(
        1,
      );
      expect(await readFile(join(done.workspace, 'modelgate.xml'), 'utf8')).toContain('<failure ');
    },
  );

  test(
    'a file whose name is a command — is text in the log, and an annotation of its own',
    { timeout: 60_000 },
    async () => {
      await cloneWhole(repository.url, join(folder, 'hostile'), 'broken');
      const { commands, lines } = await runAction('hostile', { variables: { NO_COLOR: '1' } });

      expect(lines.join('\n')).toMatch(/::error::hello\.dvc/);
      expect(commands.filter(({ message }) => message.startsWith('hello'))).toEqual([]);
      expect(commands.map(({ properties }) => properties['file'])).toContain('::error::hello.dvc');
    },
  );

  test('a good one in a merge group — passes', { timeout: 60_000 }, async () => {
    await cloneWhole(repository.url, join(folder, 'good'), 'good');
    const done = await runAction('good', {
      contexts: { 'github.event.merge_group.base_ref': 'refs/heads/main' },
    });

    expect([done.code, done.outputs]).toEqual([0, { verdict: 'passed' }]);
    expect(done.commands.filter(({ kind }) => kind === 'error')).toEqual([]);
    expect(done.lines.at(-2)).toMatch(/^modelgate: passed: /);
  });

  test(
    'a clone without history — is told what to set, and gets no verdict that it cannot have',
    { timeout: 60_000 },
    async () => {
      const to = join(folder, 'shallow');
      await git('/', ['clone', '--quiet', '--depth=1', '--branch=broken', repository.url, to]);
      const done = await runAction('shallow', { variables: { GITHUB_BASE_REF: 'main' } });

      expect([done.code, done.outputs]).toEqual([2, {}]);
      expect(done.commands).toMatchObject([
        { kind: 'warning', message: expect.stringContaining('fetch-depth: 0') },
        { kind: 'error', message: expect.stringContaining('There is no verdict') },
      ]);
      expect(done.summary).toBe('');
    },
  );

  test('another directory and another target — are obeyed', { timeout: 60_000 }, async () => {
    await mkdir(join(folder, 'nested'));
    await cloneWhole(repository.url, join(folder, 'nested', 'copy'), 'good');
    const done = await runAction('nested', { inputs: { directory: 'copy', target: 'origin/broken' } });

    expect([done.code, done.outputs]).toEqual([1, { verdict: 'failed' }]);
  });
});

/** `name=value` lines, as the runner's files have them. */
function pairs(lines: string): Readonly<Record<string, string>> {
  const found = lines.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    found.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
