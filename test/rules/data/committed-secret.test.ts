import { describe, expect, test } from 'vitest';
import { holdsCredential } from '../../../src/formats/dvc/find-credentials.ts';
import { judgeData } from '../../support/collect-data.ts';

const remote = (line: string): string => `['remote "prod"']\n    url = s3://team/dvc\n    ${line}\n`;

describe('credentials in committed files', () => {
  test('a secret setting — is told with its key and its remote, and never with its value', async () => {
    const { findings } = await judgeData({ files: { '.dvc/config': remote('secret_access_key = hunter2') } });

    expect(findings).toMatchObject([
      {
        rule: 'data/committed-secret',
        severity: 'error',
        file: '.dvc/config',
        place: { line: 3 },
        message: expect.stringContaining(
          '`secret_access_key` of remote `prod` is committed in `.dvc/config`',
        ),
        repair: expect.stringContaining('dvc remote modify --local prod secret_access_key'),
        origin: 'new',
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('one that the target has too — is existing', async () => {
    const before = remote('secret_access_key = hunter2');
    const { findings } = await judgeData({
      base: { '.dvc/config': before },
      files: { '.dvc/config': `${before}    region = eu\n` },
    });

    expect(findings).toMatchObject([{ rule: 'data/committed-secret', origin: 'existing' }]);
  });

  test('a tracked .dvc/config.local, at the top and below — is told and not read', async () => {
    const { findings } = await judgeData({
      files: { '.dvc/config.local': 'hunter2', 'sub/.dvc/config.local': 'hunter2' },
    });

    expect(findings.map(({ rule, file }) => [rule, file])).toEqual([
      ['data/committed-secret', '.dvc/config.local'],
      ['data/committed-secret', 'sub/.dvc/config.local'],
    ]);
  });

  test.each([
    [
      'is not UTF-8',
      Buffer.from('[\'remote "prod"\']\n    url = s3://b\xff\n    password = hunter2\n', 'latin1'),
    ],
    ['is no configuration', '[core\n    password = hunter2\n    x\n'],
    ['has a setting that DVC does not know', `['remote "prod"']\n    url = s3://b\n    password = hunter2\n`],
  ])('a config that %s — shows no secret beside what is wrong', async (_, content) => {
    const { findings } = await judgeData({ files: { '.dvc/config': content } });

    expect(findings.length).toBeGreaterThan(0);
    expect(findings.some(({ excerpt }) => excerpt !== undefined)).toBe(true);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test.each([
    ['https://user:secret@host/p', true],
    ['https://token@host/p', true],
    ['s3://u:12/34@b', true],
    ['azure://c/p?sig=abc', true],
    ['deploy:secret@host:/srv', true],
    ['ssh://deploy@host/p', false],
    ['deploy@host:/srv', false],
    ['https://host:8080/p', false],
    ['s3://bucket/a@b', false],
    ['s3://bucket/p?versionId=1', false],
    ['C:\\data\\a@b:c', false],
    ['../storage', false],
    ['', false],
  ])('%s — holds a credential: %s', (url, held) => {
    expect(holdsCredential(url)).toBe(held);
  });
});
