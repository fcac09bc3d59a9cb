import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/adapters/system/redact.ts';
import { createSecretRegistry } from '../../../src/adapters/system/secret-registry.ts';

function redactorFor(...secrets: string[]): ReturnType<typeof createRedactor> {
  const registry = createSecretRegistry();
  for (const secret of secrets) registry.add(secret);
  return createRedactor(registry);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('redactor — registered secrets', () => {
  const secret = 'p&ss "w/rd"+é';
  test.each([
    ['raw', secret],
    ['in JSON', JSON.stringify({ a: secret })],
    ['in JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: secret }) })],
    ['in JSON of ASCII writers', String.raw`"p&ss \"w/rd\"+\u00e9"`],
    ['in a query', `https://host/?q=${encodeURIComponent(secret)}&x=1`],
    ['in a form', new URLSearchParams({ q: secret }).toString()],
    ['percent-encoded in lower case', encodeURIComponent(secret).toLowerCase()],
    ['base64', base64(secret)],
    ['base64 as basic credentials', base64(`user:${secret}`)],
    ['base64 after one byte', base64(`x${secret}`)],
    ['base64 after two bytes', base64(`xy${secret}`)],
    ['base64 before more', base64(`${secret}tail`)],
    ['base64url', Buffer.from(`user:${secret}`).toString('base64url')],
    ['base64 in a query', encodeURIComponent(base64(`ab${secret}`))],
  ])('%s — redacted', (_title, text) => {
    const redacted = redactorFor(secret).text(`before ${text} after`);

    expect(redacted).toContain('***');
    expect(redacted).not.toContain('w/rd');
    expect(redacted).not.toContain(base64(secret).slice(3, 9));
    expect(redacted.startsWith('before ')).toBe(true);
    expect(redacted.endsWith(' after')).toBe(true);
  });

  test('overlapping secrets — no tail of the longer one stays', () => {
    expect(redactorFor('abcdef', 'defghi', 'abcdefghijkl').text('<abcdefghijkl> <abcdefghi>')).toBe(
      '<***> <***>',
    );
  });

  test('a key of many lines — each line is redacted on its own', () => {
    const key = '-----BEGIN KEY-----\nQUJDREVGR0hJSktMTU5P\nUFFSU1RVVldYWVphYmNk\n-----END KEY-----';

    expect(redactorFor(key).text('line UFFSU1RVVldYWVphYmNk')).toBe('line ***');
    expect(redactorFor(key).text(`all ${key}`)).toBe('all ***');
  });

  test('a secret added later — redacted from then on; forgotten ones no more', () => {
    const registry = createSecretRegistry();
    const redactor = createRedactor(registry);
    expect(redactor.text('rotated-value')).toBe('rotated-value');

    const forget = registry.add('rotated-value');
    expect(redactor.text('rotated-value')).toBe('***');

    forget();
    expect(redactor.text('rotated-value')).toBe('rotated-value');
  });
});

describe('redactor — secrets known by their form', () => {
  const token = 'AbCdEf0123456789_xyz';

  test.each([
    [`ghp_${token}`, '***'],
    [`ghs_123_eyJhbGciOi.eyJpc3MiOi.sig-nature`, '***'],
    [`github_pat_${token}`, '***'],
    [String.raw`{"msg":"new\nglpat-${token}"}`, String.raw`{"msg":"new\n***"}`],
    [`glptt-${token}, glrt-t1_${token}`, '***, ***'],
    [`whsec_${token}= next`, 'whsec_*** next'],
    [`Authorization: Basic dXNlcjpwYXNz`, 'Authorization: Basic ***'],
    [`{"authorization":"Bearer abc"}`, '{"authorization":"Bearer ***"}'],
    [`["authorization","Bearer abc"]`, '["authorization","Bearer ***"]'],
    [
      String.raw`{"body":"{\"Authorization\":\"token abc\"}"}`,
      String.raw`{"body":"{\"Authorization\":\"token ***\"}"}`,
    ],
    [`{"private-token":"abc"}`, '{"private-token":"***"}'],
    [`X-Gitlab-Token: abc`, 'X-Gitlab-Token: ***'],
    [`fatal: https://oauth2:s3cret@host/x.git`, 'fatal: https://***@host/x.git'],
    [`redis://:p@ss@redis:6379/0`, 'redis://***@redis:6379/0'],
    [`https://b.s3/k?X-Amz-Signature=abc&X-Amz-Date=1`, 'https://b.s3/k?X-Amz-Signature=***&X-Amz-Date=1'],
    [`https://a.blob/c?sv=1&sig=a%2Bb`, 'https://a.blob/c?sv=1&sig=***'],
    [`https://host/api?private_token=abc`, 'https://host/api?private_token=***'],
    [`AKIAIOSFODNN7EXAMPLE`, '***'],
    [
      `-----BEGIN RSA PRIVATE KEY-----\nAAA\n-----END RSA PRIVATE KEY-----`,
      '-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----',
    ],
  ])('%s — redacted', (text, expected) => {
    expect(redactorFor().text(text)).toBe(expected);
  });

  test.each([
    'Basic authentication failed',
    'global-temperature-dataset.csv',
    'laughs_at_this',
    'https://host/@scope/package?page=1#sig',
    'git@host:group/project.git',
    's3://bucket/files/md5/a7/1dc1f0b4cf9d2e',
    'author: someone',
  ])('%s — left alone', (text) => {
    expect(redactorFor('unrelated').text(text)).toBe(text);
  });
});

describe('redactor — properties', () => {
  const secrets = fc.array(
    fc.string({
      minLength: 6,
      maxLength: 40,
      unit: fc.oneof(
        fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }),
        fc.constantFrom(...Array.from('aZ09+/=&%" \\\n')),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const encodings: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => JSON.stringify(text).slice(1, -1),
    (text) => encodeURIComponent(text),
    (text) => new URLSearchParams([['a', text]]).toString(),
    (text) => Buffer.from(text).toString('base64'),
    (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
    (text) => Buffer.from(text).toString('base64url'),
    (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  ];

  test('random secrets, encodings, neighbours — none survives, a line stays JSON', () => {
    const encoding = fc.nat(encodings.length - 1);
    fc.assert(
      fc.property(
        secrets,
        encoding,
        fc.string({ maxLength: 9 }),
        fc.string({ maxLength: 9 }),
        fc.context(),
        (all, how, left, right, context) => {
          const encode = encodings[how]!;
          const redactor = redactorFor(...all);
          for (const secret of all) {
            // Base64 carries its neighbours inside, the other encodings beside it.
            const text = how >= 4 ? encode(left + secret + right) : left + encode(secret) + right;
            const line = redactor.line(
              `${JSON.stringify({ level: 'info', run: 'r', msg: text, deep: [{ [text]: text }] })}\n`,
            );
            context.log(line);

            const redacted = redactor.text(text);

            expect(how >= 4 ? redacted === '***' : !redacted.includes(encode(secret))).toBe(true);
            expect(line).not.toContain(secret);
            expect(line).toContain('***');
            expect(() => JSON.parse(line) as unknown).not.toThrow();
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
