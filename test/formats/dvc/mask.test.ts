import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskSource } from '../../../src/formats/dvc/mask.ts';
import { createSource } from '../../../src/formats/source.ts';

function masked(text: string): string {
  return maskSource(createSource('.dvc/config', text)).text;
}

describe('a source that may be shown', () => {
  test.each([
    ['a setting', '[\'remote "r"\']\n    secret_access_key = hunter2\n    region = eu\n'],
    ['a setting in capitals', 'Password=hunter2\n'],
    ['a setting without a section', 'sas_token = hunter2'],
    ['an open quote', 'password = "hunter2\n'],
    ['triple quotes that go on', 'x = 1\npassword = """\nhunter2\nhunter2"""\nregion = eu\n'],
    ['triple quotes that never close', 'password = """a\nhunter2\n'],
    ['no sign between', '[core]\n  password hunter2\n'],
    ['YAML', 'deps:\n- repo:\n    config: {remote: {r: {password: hunter2}}}\n'],
    ['quoted YAML', '{"token": "hunter2", "path": "x"}'],
    ['a block of YAML', 'db:\n  password: |\n    hunter2\n\n    hunter2\n  x: 1\n'],
    ['a value on the next line', 'password:\n  hunter2\nx: 1\n'],
    ['windows line ends', 'password:\r\n  hunter2\r\nx: 1\r\n'],
    ['a url', 'url = https://user:hunter2@host/x\n'],
    ['a url with a token alone', 'url = https://hunter2@host/x\n'],
    ['a password with a slash', 'url = https://user:hunt/hunter2@host/x\n'],
    ['a password with a quote and a blank', 'url = https://user:a" hunter2@host/x\n'],
    ['a long password', `url = https://user:${'hunter2'.repeat(500)}@host/x\n`],
    ['a signed query', 'url = azure://c/p?sv=1&sig=hunter2\n'],
    ['an address as scp writes it', 'url = user:hunter2@host:/x\n'],
  ])('%s — shows no secret, and every position stays', (_, text) => {
    const shown = masked(text);

    expect(shown).not.toContain('hunter2');
    expect(shown).toHaveLength(text.length);
    expect(shown.replace(/[^\r\n]/g, '')).toBe(text.replace(/[^\r\n]/g, ''));
  });

  test.each([
    '[core]\n    remote = prod\n[\'remote "prod"\']\n    url = s3://team/dvc\n    region = eu\n',
    'url = https://host:8080/x\n',
    'url = ssh://git@github.com/x\n',
    'url = s3://bucket/a@b\n',
    'outs:\n- md5: e5ebd4c02cefbe7955977c67ada242b7\n  path: data@v1.csv\n',
  ])('%j — without secrets — is shown as it is', (text) => {
    expect(masked(text)).toBe(text);
  });

  test('any text around it — a secret setting on a line of its own — is not shown', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(masked(`${before}\nsecret_access_key = hunter2\n${after}`)).not.toContain('hunter2');
      }),
    );
  });
});
