import { parseBody } from '../../domain/delivery-meaning.ts';
import type { Audience, Meaning } from '../../domain/delivery-meaning.ts';
import type { Delivery, Received, Receiver } from '../../ports/host.ts';
import { readDeliveryId } from './delivery-id.ts';
import { normalise } from './normalise.ts';
import { readHeader } from '../../net/read-header.ts';
import { readProjectId } from './schema.ts';
import { findSignatureFault, signingTokenPrefix } from './verify-signature.ts';
import { tokenMatches } from './verify-token.ts';

/** A GitLab instance that may send webhooks. */
export interface GitlabReceiverConfig extends Audience {
  /** Its address as people open it: `https://gitlab.example.com`. */
  readonly url: string;
  /** Signing tokens (`whsec_…`) and values of X-Gitlab-Token; several while they are rotated. Read at each delivery. */
  readonly secrets: () => readonly string[];
}

/** The webhooks of one GitLab instance. Proves, reads, and calls nobody. */
export function createGitlabReceiver(config: GitlabReceiverConfig): Receiver {
  const { origin } = new URL(config.url);
  return {
    refuse(headers) {
      const delivery = { headers, body: Buffer.alloc(0) };
      // What is signed is the body.
      if (readHeader(delivery.headers, 'webhook-signature') !== undefined) return undefined;
      return findTokenFault(delivery, config.secrets()) ?? findForeignOrigin(delivery, origin);
    },
    receive(delivery: Delivery, now: Date): Received {
      const fault = findFault(delivery, config.secrets(), now) ?? findForeignOrigin(delivery, origin);
      if (fault !== undefined) return { kind: 'rejected', reason: fault };
      const { payload, meaning } = understand(delivery.body, config);
      return { ...meaning, id: readDeliveryId(delivery, () => readProjectId(payload)) };
    },
  };
}

/** A signature that is there must hold: the token is never asked instead (specs git-hosts 1.2). */
function findFault(delivery: Delivery, secrets: readonly string[], now: Date): string | undefined {
  const signature = readHeader(delivery.headers, 'webhook-signature');
  if (signature !== undefined) {
    const signed = {
      id: readHeader(delivery.headers, 'webhook-id'),
      timestamp: readHeader(delivery.headers, 'webhook-timestamp'),
      signature,
      body: delivery.body,
    };
    return findSignatureFault(
      signed,
      secrets.filter((secret) => secret.startsWith(signingTokenPrefix)),
      now,
    );
  }
  return findTokenFault(delivery, secrets);
}

function findTokenFault(delivery: Delivery, secrets: readonly string[]): string | undefined {
  const token = readHeader(delivery.headers, 'x-gitlab-token');
  if (token === undefined) return 'neither webhook-signature nor X-Gitlab-Token was sent';
  const tokens = secrets.filter((secret) => !secret.startsWith(signingTokenPrefix));
  return tokenMatches(token, tokens) ? undefined : 'X-Gitlab-Token is none of the configured secrets';
}

/** A secret that two instances share must not let one speak for the other. */
function findForeignOrigin(delivery: Delivery, origin: string): string | undefined {
  const instance = readHeader(delivery.headers, 'x-gitlab-instance');
  if (instance === undefined || instance === origin) return undefined;
  const sender = URL.canParse(instance) ? new URL(instance).origin : undefined;
  if (sender === origin) return undefined;
  return `X-Gitlab-Instance says ${sender ?? 'no address'}, and this host is configured as ${origin}`;
}

function understand(body: Buffer, audience: Audience): { payload: unknown; meaning: Meaning } {
  const payload = parseBody(body.toString('utf8'));
  if (payload !== undefined) return { payload, meaning: normalise(payload, audience) };
  return { payload, meaning: { kind: 'malformed', reason: 'the body is no JSON' } };
}
