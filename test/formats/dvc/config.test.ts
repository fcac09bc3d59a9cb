import { describe, expect, test } from 'vitest';
import { mergeConfigs, readDvcConfig } from '../../../src/formats/dvc/config.ts';
import { findRemote } from '../../../src/formats/dvc/remotes.ts';
import { resolveUrl, schemeOf } from '../../../src/formats/dvc/remote-url.ts';
import { createSource } from '../../../src/formats/source.ts';

function read(text: string, path = '.dvc/config'): ReturnType<typeof readDvcConfig> {
  return readDvcConfig(createSource(path, text));
}

function codes(text: string): readonly string[] {
  return read(text).problems.map((problem) => problem.code);
}

function remote(body: string): string {
  return `['remote "r"']\n${body}\n`;
}

describe('sections and keys — against DVC’s schema', () => {
  test.each([
    ['[core]\nremote = x\nautostage = TRUE', []],
    ['[core]\nautostage = yes', ['wrong-type']],
    ['[core]\nautostage = 1', ['wrong-type']],
    ['[core]\nremotes = x', ['unknown-field']],
    ['[cores]\nremote = x', ['unknown-field']],
    ['[feature]\nanything = x', []],
    ['remote = x', ['unknown-field']],
    ['[cache]\ntype = reflink,copy', []],
    ['[cache]\ntype = reflink,clone', ['wrong-type']],
    ['["remote \'x\'"]\nurl = s3://b', ['unknown-field']],
    [remote('url = s3://b/p\nregion = eu'), []],
    [remote('url = S3://b/p\nregion = eu'), []],
    [remote('url = gs://b/p\nregion = eu'), ['unknown-field']],
    [remote('region = eu'), ['missing-field']],
    [remote('url = s3://b/a,b'), ['wrong-type']],
    [remote('url = s3://b/p#x'), ['cut-short']],
    [remote('url = s3://b/p # x'), []],
    [remote('url = s3://b\njobs = many'), ['wrong-type']],
    [remote('url = s3://b\ncache_regions = true'), ['wrong-type']],
    [remote('url = s3://b\n__proto__ = x'), ['unknown-field']],
    [remote('url = gcs://b'), ['unknown-scheme']],
    [remote('url = az://c'), ['unknown-scheme']],
    [remote('url = file://host/x'), ['unknown-scheme']],
    [remote('url = ck://a/b\nwhatever = 1'), ['plug-in-scheme', 'unknown-field']],
    [remote('url = /home/someone/dvc'), ['local-remote']],
    [remote('url = ../storage'), ['local-remote']],
    [remote('url = C:\\data'), ['unportable']],
    [remote('url = \\\\host\\share'), ['unportable']],
    [remote('url = user@host:/x'), ['unportable']],
    ['[\'remote "Data"\']\nurl = s3://a\n[\'remote "data"\']\nurl = s3://b', ['collision']],
    ['[\'remote ""\']\nurl = s3://a', ['empty-name']],
  ])('%j', (text, expected) => {
    expect(codes(text).toSorted()).toEqual(expected.toSorted());
  });
});

describe('urls', () => {
  test.each([
    ['s3://b/p', '.dvc', 's3://b/p'],
    ['S3://Bucket/P', '.dvc', 's3://Bucket/P'],
    ['Remote://Base/Sub', '.dvc', 'remote://Base/Sub'],
    ['/srv/dvc', '.dvc', '/srv/dvc'],
    ['~/dvc', '.dvc', '~/dvc'],
    ['storage', '.dvc', '.dvc/storage'],
    ['../../storage', '.dvc', '../storage'],
    ['../storage/', 'sub/.dvc', 'sub/storage'],
  ])('%s in %s — resolves to %s', (url, directory, expected) => {
    expect(resolveUrl(url, directory)).toBe(expected);
  });

  test.each([
    ['s3://', { kind: 'known', scheme: '' }],
    ['file:///x', { kind: 'known', scheme: '' }],
    ['S3://b', { kind: 'known', scheme: 's3' }],
    ['abfs://c', { kind: 'refused', scheme: 'abfs', meant: 'azure' }],
  ])('%s — has the scheme DVC sees', (url, expected) => {
    expect(schemeOf(url)).toEqual(expected);
  });
});

describe('remotes', () => {
  const chained = `[core]
remote = PROD
['remote "Base"']
url = s3://bucket/root/
endpointurl = https://minio.example.com
['remote "prod"']
url = remote://base/prod
version_aware = true
['remote "loop"']
url = remote://loop/x
['remote "orphan"']
url = remote://nobody/x
`;

  test('a chain — base and own settings — are joined', () => {
    const { value } = read(chained);

    expect(value.defaultRemote?.value).toBe('prod');
    expect(findRemote(value, 'Prod')).toMatchObject({
      kind: 'remote',
      remote: {
        name: 'prod',
        url: 's3://bucket/root/prod',
        versionAware: true,
        settings: { endpointurl: 'https://minio.example.com' },
      },
    });
  });

  test('a chain to itself, to nobody, an unknown name — each is told', () => {
    const { value } = read(chained);

    expect(findRemote(value, 'loop')).toEqual({ kind: 'cycle', names: ['loop', 'loop'] });
    expect(findRemote(value, 'orphan')).toEqual({ kind: 'unknown', name: 'nobody' });
    expect(findRemote(value, 'x')).toEqual({ kind: 'unknown', name: 'x' });
  });

  test('several files — the later over the earlier, key by key — relative urls count from their own file', () => {
    const shared = read(`[core]\nremote = a\n${remote('url = s3://b/p\nregion = eu')}`).value;
    const local = read(
      `[core]\nremote = r\n${remote('url = storage\nprofile = me')}`,
      '/home/me/p/.dvc/config.local',
    ).value;
    const merged = mergeConfigs(shared, local);

    expect(merged.defaultRemote?.value).toBe('r');
    expect(findRemote(merged, 'r')).toMatchObject({
      remote: { url: '/home/me/p/.dvc/storage', settings: { region: 'eu', profile: 'me' } },
    });
  });
});

describe('secrets', () => {
  const secret = 'hunter2hunter2';
  const text = `['remote "r"']
url = https://user:${secret}@host/p
password = ${secret}
['remote "s"']
url = s3://b/p
secret_access_key = "${secret}"
`;

  test('the source that is kept — has stars in their place and the same positions', () => {
    const { value } = read(text);

    expect(value.source.text).not.toContain(secret);
    expect(value.source.text).toHaveLength(text.length);
    expect(value.source.text).toContain('secret_access_key = ****');
  });

  test.each([
    'password: SECRET',
    'password = "SECRET',
    'secret_access_key SECRET',
    'url = https://me:SECRET@host/p',
    'url: https://me:SECRET@host/p',
    'url = https://host/p?sig=SECRET',
    'Password = SECRET',
  ])('in a line that may not even be read — %s', (line) => {
    expect(read(`['remote "r"']\n${line}\n`).value.source.text).not.toContain('SECRET');
  });

  test('no message names them', () => {
    const { problems } = read(`${text}[core]\nremote = r\nremote = ${secret.slice(0, 3)}\n`);

    expect(JSON.stringify(problems)).not.toContain(secret);
  });
});
