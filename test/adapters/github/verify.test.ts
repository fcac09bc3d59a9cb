import { Webhooks } from '@octokit/webhooks';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findSignatureFault } from '../../../src/adapters/github/verify-signature.ts';
import { sign } from './deliveries.ts';

const body = Buffer.from('{"zen":"Keep it logically awesome."}');
/** Node takes no secrets apart that differ in nothing but lone surrogates. */
const secret = fc.string({ minLength: 1, unit: 'grapheme' });
const text = fc.string({ minLength: 1, unit: 'grapheme' });

describe('X-Hub-Signature-256', () => {
  test('any body and secret, signed by @octokit/webhooks — is accepted', async () => {
    await fc.assert(
      fc.asyncProperty(secret, text, async (key, payload) => {
        const signature = await new Webhooks({ secret: key }).sign(payload);

        expect(findSignatureFault({ signature, body: Buffer.from(payload) }, [key])).toBeUndefined();
      }),
    );
  });

  test('any body, secret and signature — is accepted when @octokit/webhooks accepts it', async () => {
    const presented = fc.oneof(
      fc.record({ key: secret, of: text, change: fc.constantFrom('none', 'upper', 'cut', 'sha1') }),
      fc.record({ raw: fc.string({ minLength: 1 }) }),
    );
    await fc.assert(
      fc.asyncProperty(secret, text, presented, async (key, payload, shown) => {
        const signature =
          'raw' in shown ? shown.raw : alter(sign(shown.key, Buffer.from(shown.of)), shown.change);
        const theirs = await new Webhooks({ secret: key }).verify(payload, signature);
        const ours = findSignatureFault({ signature, body: Buffer.from(payload) }, [key]) === undefined;

        expect(ours).toBe(theirs);
      }),
    );
  });

  test('a signature of a secret, its body changed at any byte — is refused', () => {
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(body);
        changed[at] = (changed[at] ?? 0) ^ by;

        expect(findSignatureFault({ signature: sign('s', body), body: changed }, ['s'])).toContain(
          'fits none',
        );
      }),
    );
  });

  test('bytes that are no UTF-8 — are signed as they came', () => {
    const raw = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);

    expect(findSignatureFault({ signature: sign('s', raw), body: raw }, ['s'])).toBeUndefined();
  });

  test.each<[string, readonly string[], boolean]>([
    ['the first of two', ['current', 'previous'], true],
    ['the second of two', ['new', 'current'], true],
    ['neither', ['new', 'newer'], false],
    ['none configured', [], false],
    ['an empty one', [''], false],
  ])('rotation — %s secrets — decides', (_, secrets, accepted) => {
    const key = secrets.includes('') ? '' : 'current';

    expect(findSignatureFault({ signature: sign(key, body), body }, secrets) === undefined).toBe(accepted);
  });

  const right = sign('s', body);
  test.each<[string, string | undefined, string]>([
    ['none', undefined, 'was not sent'],
    ['an empty one', '', 'is not "sha256="'],
    ['the old kind', `sha1=${'a'.repeat(40)}`, 'is not "sha256="'],
    ['one without its name', right.slice(7), 'is not "sha256="'],
    ['upper-case digits', right.toUpperCase(), 'is not "sha256="'],
    ['a digit too few', right.slice(0, -1), 'is not "sha256="'],
    ['a digit too many', `${right}0`, 'is not "sha256="'],
    ['two, joined', `${right}, ${right}`, 'is not "sha256="'],
    ['a line break after it', `${right}\n`, 'is not "sha256="'],
    ['zeros', `sha256=${'0'.repeat(64)}`, 'fits none'],
  ])('%s — presented — is refused in words that quote nothing', (_, signature, reason) => {
    const fault = findSignatureFault({ signature, body }, ['s']);

    expect(fault).toContain(reason);
    expect(fault).not.toMatch(/[0-9a-f]{40}/);
  });
});

function alter(signature: string, change: string): string {
  if (change === 'upper') return signature.toUpperCase();
  if (change === 'cut') return signature.slice(0, -1);
  return change === 'sha1' ? signature.replace('sha256', 'sha1') : signature;
}
