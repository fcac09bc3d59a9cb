import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { redactUrl } from '../../src/domain/redact-url.ts';

test.each([
  ['https://host/path', 'https://host/path'],
  ['HTTPS://user:hunter2@host:8443/path', 'https://host:8443/path'],
  ['https://hunter2@host/path', 'https://host/path'],
  ['https://a:hunter2@b@host/path', 'https://host/path'],
  ['https://host/p?X-Amz-Signature=hunter2&list-type=2', 'https://host/p'],
  ['https://host/p?hunter2', 'https://host/p'],
  ['https://host/p#hunter2', 'https://host/p'],
  ['https://host?x=hunter2#y', 'https://host'],
  ['azure://c/p?sig=hunter2', 'azure://c/p'],
  ['https://user:hunt/er2@host/path', 'https://…'],
  ['https://user:12/hunter2@host/path', 'https://…'],
  ['https://user:12?hunter2@host/path', 'https://…'],
  ['https://user:12#hunter2@host/path', 'https://…'],
  ['https://hunt?er2@host/path', 'https://…'],
  ['https://user:hunter2', 'https://…'],
  ['s3://u:12/34@b', 's3://…'],
  ['https://host:8080/a@b', 'https://…'],
  ['s3://key:hunter2@bucket/prefix', 's3://bucket/prefix'],
  ['s3://bucket/a b', 's3://bucket/a b'],
  ['s3://bucket/a@b', 's3://bucket/a@b'],
  ['ssh://deploy@host/p', 'ssh://host/p'],
  ['http://[::1]:9000/x', 'http://[::1]:9000/x'],
  ['remote://base/sub', 'remote://base/sub'],
  ['/mnt/dvc', '/mnt/dvc'],
  ['/mnt/a:b@c', '/mnt/a:b@c'],
  ['../storage', '../storage'],
  ['data@v1/x', 'data@v1/x'],
  ['C:\\data\\a@b', 'C:\\data\\a@b'],
  ['user:hunter2@host:/path', 'host:/path'],
  ['user:hunt/er2@host:/path', 'host:/path'],
  ['user:hunt#er2@host:/path', 'host:/path'],
  ['hunter2@host:/path', 'host:/path'],
  ['//user:hunter2@host/path', 'host/path'],
  ['s3:/user:hunter2@host/path', 'host/path'],
  [' s3://user:hunter2@host/path', 'host/path'],
  ['https://host/\u001b[31mred\n', 'https://host/[31mred'],
  ['https://host/\u202eexe.dvc', 'https://host/exe.dvc'],
  ['', ''],
])('%j — redacted — is %j', (url, redacted) => {
  expect(redactUrl(url)).toBe(redacted);
});

test('any password — in userinfo, query or fragment — is not in the redacted url', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9:/@?#&=%+]{0,8}SECRET[A-Za-z0-9:/@?#&=%+]{0,8}$/);
  fc.assert(
    fc.property(secret, fc.constantFrom('https', 's3', 'ssh'), (password, scheme) => {
      expect(redactUrl(`${scheme}://user:${password}@host/path`)).not.toContain('SECRET');
      // With `//` at its beginning it is a url by all rules, and the password its host.
      fc.pre(!password.startsWith('//'));
      expect(redactUrl(`user:${password}@host:/path`)).not.toContain('SECRET');
      expect(redactUrl(`${scheme}://host/path?sig=${encodeURIComponent(password)}`)).not.toContain('SECRET');
      expect(redactUrl(`${scheme}://host/path#${password}`)).not.toContain('SECRET');
    }),
    { numRuns: 2000 },
  );
});

test('a very long url — is cut', () => {
  expect(redactUrl(`https://host/${'x'.repeat(10_000)}`)).toHaveLength(301);
});
