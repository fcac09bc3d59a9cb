import { createHmac, randomUUID } from 'node:crypto';

/** A request that is ready to be sent. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The shared secrets of this bench. */
export const secrets = {
  github: 'a webhook secret of GitHub',
  gitlabToken: 'a webhook token of GitLab',
  gitlabSigning: `whsec_${Buffer.from('a signing key of 32 bytes length').toString('base64')}`,
} as const;

/** How a delivery proves where it comes from. */
export type Proof = 'none' | 'gitlab-signature' | 'gitlab-token' | 'github-signature';

/** Headers as the host sends them; every delivery has an id of its own. */
export function deliver(body: Buffer, proof: Proof): Delivery {
  const common = { 'content-type': 'application/json', 'content-length': String(body.length) };
  if (proof === 'github-signature') return { headers: { ...common, ...githubHeaders(body) }, body };
  const id = randomUUID();
  const gitlab = {
    ...common,
    'user-agent': 'GitLab/18.11.0-ee',
    'x-gitlab-event': 'Merge Request Hook',
    'x-gitlab-instance': 'https://gitlab.example.com',
    'x-gitlab-webhook-uuid': 'a1a1a1a1-0000-4000-8000-000000000000',
    'x-gitlab-event-uuid': id,
    'idempotency-key': id,
  };
  if (proof === 'none') return { headers: gitlab, body };
  if (proof === 'gitlab-token')
    return { headers: { ...gitlab, 'x-gitlab-token': secrets.gitlabToken }, body };
  return { headers: { ...gitlab, ...gitlabSignature(id, body) }, body };
}

/** Standard Webhooks, as GitLab 19 signs. */
function gitlabSignature(id: string, body: Buffer): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secrets.gitlabSigning.slice('whsec_'.length), 'base64');
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${hmac}` };
}

function githubHeaders(body: Buffer): Readonly<Record<string, string>> {
  const hmac = createHmac('sha256', secrets.github).update(body).digest('hex');
  return {
    'user-agent': 'GitHub-Hookshot/0000000',
    'x-github-event': 'pull_request',
    'x-github-delivery': randomUUID(),
    'x-github-hook-id': '1',
    'x-hub-signature-256': `sha256=${hmac}`,
  };
}
