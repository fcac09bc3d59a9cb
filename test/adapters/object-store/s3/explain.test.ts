import { expect, test } from 'vitest';

import { explainRefusal } from '../../../../src/adapters/object-store/s3/explain.ts';
import type { HttpAnswer } from '../../../../src/net/request.ts';

const now = new Date('2026-11-22T12:00:00Z');
const asked = { bucket: 'team', region: 'eu-west-1', version: undefined, now };

function refused(status: number, code: string | undefined, headers: Record<string, string> = {}): HttpAnswer {
  const xml = `<Error><Code>${code}</Code><Message>prose with hunter2</Message></Error>`;
  return {
    kind: 'answer',
    status,
    headers,
    body: Buffer.from(code === undefined ? '' : xml),
    cut: false,
    url: new URL('https://s3.example.com/team/secret-key?versionId=1'),
  };
}

test.each([
  [404, 'NoSuchKey', 'gone', false],
  [404, 'NoSuchVersion', 'gone', false],
  [404, 'NoSuchBucket', 'unreachable', true],
  [404, 'NoSuchUpload', 'unreachable', true],
  [404, undefined, 'unreachable', true],
  [403, 'AccessDenied', 'forbidden', false],
  [403, undefined, 'forbidden', false],
  [403, 'InvalidAccessKeyId', 'forbidden', true],
  [403, 'SignatureDoesNotMatch', 'forbidden', true],
  [400, 'ExpiredToken', 'forbidden', true],
  [400, 'InvalidToken', 'forbidden', true],
  [403, 'RequestTimeTooSkewed', 'forbidden', true],
  [403, 'AllAccessDisabled', 'forbidden', true],
  [401, 'Unauthorized', 'forbidden', false],
  [407, undefined, 'unsupported', false],
  [400, 'InvalidRequest', 'unsupported', false],
  [400, 'InvalidArgument', 'unsupported', false],
  [400, 'AuthorizationHeaderMalformed', 'unsupported', true],
  [405, 'MethodNotAllowed', 'unsupported', false],
  [301, 'PermanentRedirect', 'unreachable', true],
  [307, 'TemporaryRedirect', 'unreachable', true],
  [302, undefined, 'unsupported', false],
  [501, 'NotImplemented', 'unsupported', false],
])('%i %s — explained — is %s (of the whole remote: %s)', (status, code, meaning, forAll) => {
  const refusal = explainRefusal(refused(status, code), asked);
  expect(refusal.meaning.kind === 'gone' ? 'gone' : refusal.meaning.cause).toBe(meaning);
  expect(refusal.forAll).toBe(forAll);
  expect(JSON.stringify(refusal)).not.toMatch(/hunter2|secret-key|versionId/);
});

test('a version id that cannot be one, a delete marker — are gone', () => {
  const withVersion = { ...asked, version: 'x' };
  expect(explainRefusal(refused(400, 'InvalidArgument'), withVersion).meaning.kind).toBe('gone');
  const marker = refused(405, 'MethodNotAllowed', { 'x-amz-delete-marker': 'true' });
  expect(explainRefusal(marker, asked).meaning.kind).toBe('gone');
});

test('403 without a code from a server whose clock is far off — is explained by the clocks', () => {
  const answer = refused(403, undefined, { date: 'Sun, 22 Nov 2026 11:30:00 GMT' });
  expect(explainRefusal(answer, asked).meaning).toMatchObject({
    cause: 'forbidden',
    message:
      "403 from s3.example.com: this machine's clock and the server's differ by 30 minutes; set the clock",
  });
});
