import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judgeWorkingCopy } from '../../src/compose/local.ts';
import type { Judgement } from '../../src/domain/verdict.ts';
import { md5 } from '../support/collect-data.ts';
import { makeRepository } from '../support/git-repository.ts';

const pointer = `outs:\n- md5: ${md5('a,b\n')}\n  size: 4\n  hash: md5\n  path: data.csv\n`;

let directory = '';
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'modelgate-local-'))));
afterEach(() => rm(directory, { recursive: true }));

interface Told {
  readonly texts: readonly string[];
  readonly said: readonly string[];
}

/** Judges a change of data with the url in `.dvc/config.local`: all texts that a person would read. */
async function judged(url: string, committed = 's3://team-data/dvc'): Promise<Told> {
  const root = join(directory, 'repository');
  const files = {
    '.dvc/config': `[core]\n    remote = storage\n['remote "storage"']\n    url = ${committed}\n`,
    '.dvc/.gitignore': '/config.local\n',
  };
  await makeRepository(root, [
    { branch: 'main', files },
    { branch: 'change', from: 'main', files: { ...files, 'data.csv.dvc': pointer } },
  ]);
  await writeFile(join(root, '.dvc', 'config.local'), `['remote "storage"']\n    url = ${url}\n`);
  const said: string[] = [];
  const { judgement } = await judgeWorkingCopy(
    {
      directory: root,
      target: 'main',
      committed: false,
      progress: (text) => void said.push(text),
      signal: AbortSignal.timeout(20_000),
    },
    { env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: directory }, home: directory },
  );
  return { texts: textsOf(judgement), said };
}

function textsOf({ checks }: Judgement): readonly string[] {
  return checks.flatMap(({ findings, unknowns }) => [
    ...findings.map(({ rule, message }) => `${rule}: ${message}`),
    ...unknowns.map(({ what, message }) => `${what}: ${message}`),
  ]);
}

describe('a url that .dvc/config.local overrides', () => {
  test('data that is not there — is told of the url that was asked', async () => {
    const mine = join(directory, 'mine');
    await mkdir(mine);

    const { texts, said } = await judged(mine);

    expect(texts).toEqual([
      `data/missing-on-remote: \`data.csv\` (4 bytes, md5 ${md5('a,b\n').slice(0, 8)}…) is not in remote \`storage\` (${mine}, from .dvc/config.local).`,
    ]);
    expect(said.join('\n')).toContain(`${mine} (from .dvc/config.local)`);
  });

  test('a place that cannot be asked — is named as what it is', async () => {
    const { texts } = await judged(join(directory, 'nowhere'));

    expect(texts.join('\n')).toContain(`${join(directory, 'nowhere')} (from .dvc/config.local)`);
    expect(texts.join('\n')).not.toContain('s3://team-data');
  });

  test('a kind of remote that is not read — is named as what it is', async () => {
    const { texts } = await judged('azure://mine/dvc');

    expect(texts.join('\n')).toContain('remote storage (azure://mine/dvc, from .dvc/config.local)');
    expect(texts.join('\n')).not.toContain('s3://team-data');
  });

  test('the same url — is nothing to speak of', async () => {
    const { texts } = await judged(directory, directory);

    expect(texts.join('\n')).toContain(`not in remote \`storage\` (${directory}).`);
    expect(texts.join('\n')).not.toContain('config.local');
  });
});
