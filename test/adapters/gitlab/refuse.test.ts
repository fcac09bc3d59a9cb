import { expect, test } from 'vitest';
import { createGitlabReceiver } from '../../../src/adapters/gitlab/index.ts';

const receiver = createGitlabReceiver({
  id: 'corp',
  url: 'https://gitlab.example.com',
  secrets: () => [
    'the-right-token',
    `whsec_${Buffer.from('a key of thirty-two bytes length').toString('base64')}`,
  ],
  repositories: () => true,
});

test.each<[string, Record<string, string>, boolean]>([
  ['nothing', {}, true],
  ['a wrong token', { 'x-gitlab-token': 'x' }, true],
  ['the right token', { 'x-gitlab-token': 'the-right-token' }, false],
  [
    'the right token of another instance',
    { 'x-gitlab-token': 'the-right-token', 'x-gitlab-instance': 'https://other.example.com' },
    true,
  ],
  [
    'a signature, which only the body can prove',
    { 'webhook-signature': 'v1,AAAA', 'x-gitlab-token': 'x' },
    false,
  ],
])('%s — shown before the body — is refused or not', (_what, headers, refused) => {
  const reason = receiver.refuse(headers);

  expect(reason !== undefined).toBe(refused);
  expect(reason ?? '').not.toContain('the-right-token');
});
