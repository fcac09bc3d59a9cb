import { createHmac } from 'node:crypto';

/** What webhooks of a story on GitHub are signed with. */
export const hookSecret: string = 'hook-secret-of-the-story';

/** The headers of a delivery of that event. */
export function signedByGithub(
  event: string,
  body: string,
  { secret = hookSecret, id = `id-${Math.random().toString(36).slice(2)}` } = {},
): Readonly<Record<string, string>> {
  const mac = createHmac('sha256', secret).update(body).digest('hex');
  return { 'x-github-event': event, 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${mac}` };
}
