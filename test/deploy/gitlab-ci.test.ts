import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cloneHead, makeCiRepository, runScript, type CiRepository } from '../support/ci-repository.ts';
import { expectCodequality, expectJunit } from '../support/report-schemas.ts';

const root = join(import.meta.dirname, '..', '..');

/** What GitLab's documentation allows of a job, as far as ours uses it. */
const job = z.strictObject({
  stage: z.literal('test'),
  image: z.strictObject({ name: z.literal('$MODELGATE_IMAGE'), entrypoint: z.tuple([z.literal('')]) }),
  needs: z.array(z.never()),
  rules: z.array(z.strictObject({ if: z.string() })),
  variables: z.record(z.string().regex(/^[A-Z_]+$/), z.string()),
  script: z.array(z.string()),
  artifacts: z.strictObject({
    when: z.enum(['on_success', 'on_failure', 'always']),
    // One file each: several are not taken as a Code Quality report.
    reports: z.strictObject({ codequality: z.string(), junit: z.string() }),
  }),
});

const template = z
  .strictObject({ modelgate: job })
  .parse(load(readFileSync(join(root, 'deploy', 'ci', 'gitlab.yml'), 'utf8'))).modelgate;

describe('deploy/ci/gitlab.yml', () => {
  test.each([
    ['the whole history is there', template.variables['GIT_DEPTH'], '0'],
    ['reports are published when the job fails, too', template.artifacts.when, 'always'],
    [
      'it runs for merge requests, and where they are compared with',
      template.rules.map((rule) => rule.if),
      ['$CI_PIPELINE_SOURCE == "merge_request_event"', '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'],
    ],
  ])('%s', (_what, value, expected) => {
    expect(value).toEqual(expected);
  });
});

describe('in a repository of GitLab', () => {
  let folder: string;
  let repository: CiRepository;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgate-gitlab-'));
    repository = await makeCiRepository(folder);
    // The image has modelgate on its PATH: test/deploy/container.test.ts.
    await mkdir(join(folder, 'bin'));
    const command = join(folder, 'bin', 'modelgate');
    await writeFile(
      command,
      `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'src', 'main.ts')}' "$@"\n`,
    );
    await chmod(command, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What the job did, and the reports that GitLab would take. */
  async function runJob(
    name: string,
    branch: string,
    variables: Readonly<Record<string, string>> = { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
  ) {
    const directory = join(folder, name);
    await cloneHead(repository.url, directory, branch);
    const env = {
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
      HOME: folder,
      CI_PROJECT_DIR: directory,
      CI_DEFAULT_BRANCH: 'main',
      ...template.variables,
      ...variables,
    };
    const done = await runScript(template.script.join('\n'), { cwd: directory, env });
    const report = async (file: string) => {
      const path = join(directory, file);
      return existsSync(path) ? readFile(path, 'utf8') : undefined;
    };
    const { codequality, junit } = template.artifacts.reports;
    return { ...done, codequality: await report(codequality), junit: await report(junit) };
  }

  test('a broken merge request — fails, is explained in the log, and both reports are there', async () => {
    const { code, said, codequality, junit } = await runJob('broken', 'broken');
    const entries = expectCodequality(codequality ?? '');
    const cases = expectJunit(junit ?? '');

    expect(code).toBe(1);
    expect(said).toContain('repair');
    expect(entries).toContainEqual(
      expect.objectContaining({
        check_name: 'data/missing-on-remote',
        severity: 'blocker',
        location: { path: 'data/auto-mpg.csv.dvc', lines: { begin: 2 } },
      }),
    );
    const failed = cases.filter(({ end }) => end === 'failure');
    expect(new Set(failed.map(({ suite }) => suite))).toEqual(new Set(['data', 'pipeline']));
  });

  test('a good one — passes, with reports that say so', async () => {
    const { code, codequality, junit } = await runJob('good', 'good');

    expect([code, expectCodequality(codequality ?? '').map(({ severity }) => severity)]).toEqual([0, []]);
    expect(expectJunit(junit ?? '').map(({ end }) => end)).toContain('passed');
  });

  test('the default branch — makes the reports that others are compared with', async () => {
    const { code, codequality, junit } = await runJob('main', 'main', {});

    expect(code).toBe(0);
    expect(codequality).toBe('[]\n');
    expectJunit(junit ?? '');
  });

  test('a remote that is away — fails, and no report is green', async () => {
    await rm(join(folder, 'store'), { recursive: true });
    const { code, codequality, junit } = await runJob('away', 'broken');

    expect(code).not.toBe(0);
    expect(
      expectCodequality(codequality ?? '').some(
        ({ severity }) => severity === 'blocker' || severity === 'critical',
      ),
    ).toBe(true);
    expect(expectJunit(junit ?? '').some(({ end }) => end === 'error' || end === 'failure')).toBe(true);
  });

  test('a target that is gone — fails, and reports that the change brought along are nobody’s', async () => {
    const { code, codequality, junit } = await runJob('gone', 'broken', {
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'gone',
    });

    expect(code).not.toBe(0);
    expect([codequality, junit]).toEqual([undefined, undefined]);
  });
});
