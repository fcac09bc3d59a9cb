import { describe, expect, test } from 'vitest';

import { defaultCredentials } from '../../../../src/adapters/object-store/credentials/default-chain.ts';
import type { CredentialChoice } from '../../../../src/adapters/object-store/credentials/default-chain.ts';

const credentialsFile = `
# comment
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key=default/secret+x==
[ml]
AWS_ACCESS_KEY_ID =  AKIAML
aws_secret_access_key = ml-secret
aws_session_token = ml-token
[half]
aws_access_key_id = AKIAHALF
`;
const configFile = `
[default]
region = eu-west-1
s3 =
  max_concurrent_requests = 20
[profile ml]
region = eu-central-1
[profile in-config]
aws_access_key_id = AKIACONFIG
aws_secret_access_key = config-secret
[profile   role]
role_arn = arn:aws:iam::1:role/x
source_profile = default
[profile sso]
sso_session = corp
[profile command]
credential_process = /usr/bin/print-keys --secret hunter2
`;

function find(
  env: Record<string, string>,
  choice: CredentialChoice = {},
  files: Record<string, string> = {},
) {
  const all: Record<string, string> = {
    '/home/ml/.aws/credentials': credentialsFile,
    '/home/ml/.aws/config': configFile,
    ...files,
  };
  return defaultCredentials(
    { env, home: '/home/ml', readFile: (file) => Promise.resolve(all[file]) },
    choice,
  )();
}

const envKeys = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'env-secret' };

describe('default credentials', () => {
  test.each([
    ['the environment', envKeys, {}, 'AKIAENV', undefined, undefined],
    [
      'the environment with a token and region',
      { ...envKeys, AWS_SESSION_TOKEN: 't', AWS_DEFAULT_REGION: 'eu-south-1' },
      {},
      'AKIAENV',
      't',
      'eu-south-1',
    ],
    [
      'the environment before AWS_PROFILE',
      { ...envKeys, AWS_PROFILE: 'ml' },
      {},
      'AKIAENV',
      undefined,
      undefined,
    ],
    ['the default profile', {}, {}, 'AKIADEFAULT', undefined, 'eu-west-1'],
    ['AWS_PROFILE', { AWS_PROFILE: 'ml' }, {}, 'AKIAML', 'ml-token', 'eu-central-1'],
    [
      'the remote’s profile before the environment',
      envKeys,
      { profile: 'ml' },
      'AKIAML',
      'ml-token',
      'eu-central-1',
    ],
    ['a profile of the config file', {}, { profile: 'in-config' }, 'AKIACONFIG', undefined, undefined],
    [
      'AWS_REGION over the profile',
      { AWS_REGION: 'us-west-2' },
      { profile: 'ml' },
      'AKIAML',
      'ml-token',
      'us-west-2',
    ],
  ])('%s — is used', async (_name, env, choice, accessKeyId, sessionToken, region) => {
    expect(await find(env, choice)).toMatchObject({
      kind: 'found',
      credentials: { kind: 'keys', accessKeyId, sessionToken },
      region,
    });
  });

  test('a credentials file of the remote — is read instead', async () => {
    const file = '[default]\r\naws_access_key_id=AKIAOTHER\r\naws_secret_access_key=s\r\n';
    const found = await find(envKeys, { credentialPath: '/etc/keys' }, { '/etc/keys': file });
    expect(found).toMatchObject({ credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 's' } });
  });

  test.each([
    ['a role', { profile: 'role' }, /profile role uses role_arn.*export-credentials/],
    ['single sign-on', { profile: 'sso' }, /profile sso uses sso_session/],
    ['a command', { profile: 'command' }, /profile command uses credential_process/],
    ['half a pair', { profile: 'half' }, /half has an access key id without a secret access key/],
    ['no such profile', { profile: 'nobody' }, /there is no profile nobody in \/home\/ml\/.aws\/credentials/],
  ])('%s — is said, without values', async (_name, choice, message) => {
    const found = await find({}, choice);
    expect(found).toMatchObject({ kind: 'unsupported', message: expect.stringMatching(message) });
    expect(JSON.stringify(found)).not.toMatch(/hunter2|AKIA|secret\+|arn:/);
  });

  test.each([
    ['nothing at all', {}, /no credentials were found.*AWS_ACCESS_KEY_ID/],
    ['a web identity', { AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, /AWS_WEB_IDENTITY_TOKEN_FILE/],
    ['a container', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x' }, /AWS_CONTAINER_CREDENTIALS_FULL_URI/],
    ['an id without secret', { AWS_ACCESS_KEY_ID: 'AKIA' }, /AWS_SECRET_ACCESS_KEY is not/],
    [
      'a secret with a line break',
      { ...envKeys, AWS_SECRET_ACCESS_KEY: 'a\nb' },
      /secret access key is empty, or has spaces/,
    ],
  ])('%s — is unsupported and says what is not', async (_name, env, message) => {
    const none = { '/home/ml/.aws/credentials': '', '/home/ml/.aws/config': '' };
    expect(await find(env, {}, none)).toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(message),
    });
  });
});
