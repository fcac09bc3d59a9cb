import { readHeader, type RequestHeaders } from '../../net/read-header.ts';
import { parseBody } from '../../domain/delivery-meaning.ts';
import type { Audience, Meaning } from '../../domain/delivery-meaning.ts';
import type { Delivery, Received, Receiver } from '../../ports/host.ts';
import { readDeliveryId } from './delivery-id.ts';
import { normalise } from './normalise.ts';
import { findSignatureFault } from './verify-signature.ts';

/** A GitHub, github.com or an Enterprise Server, that may send webhooks. */
export interface GithubReceiverConfig extends Audience {
  /** Its address as people open it: `https://github.com`. */
  readonly url: string;
  /** Secrets of the App's webhook, or of a repository's; several while they are rotated. Read at each delivery. */
  readonly secrets: () => readonly string[];
}

/** The webhooks of one GitHub. Proves, reads, and calls nobody. */
export function createGithubReceiver(config: GithubReceiverConfig): Receiver {
  const { host } = new URL(config.url);
  return {
    refuse(headers) {
      // What is signed is the body.
      if (readHeader(headers, 'x-hub-signature-256') === undefined)
        return 'X-Hub-Signature-256 was not sent: set a secret for the webhook';
      return findForeignHost(headers, host);
    },
    receive(delivery: Delivery): Received {
      const signature = readHeader(delivery.headers, 'x-hub-signature-256');
      const fault =
        findSignatureFault({ signature, body: delivery.body }, config.secrets()) ??
        findForeignHost(delivery.headers, host);
      if (fault !== undefined) return { kind: 'rejected', reason: fault };
      return { ...understand(delivery, config), id: readDeliveryId(delivery) };
    },
  };
}

/** A secret that two servers share must not let one speak for the other; github.com does not send its name. */
function findForeignHost(headers: RequestHeaders, host: string): string | undefined {
  const sender = readHeader(headers, 'x-github-enterprise-host');
  if (sender === undefined || sender.toLowerCase() === host || sender.toLowerCase() === host.split(':')[0])
    return undefined;
  return `X-GitHub-Enterprise-Host says ${JSON.stringify(sender.slice(0, 80))}, and this host is configured as ${host}`;
}

function understand({ headers, body }: Delivery, audience: Audience): Meaning {
  const name = readHeader(headers, 'x-github-event');
  const payload = parseBody(body.toString('utf8'));
  if (payload === undefined) return { kind: 'malformed', reason: 'the body is no JSON' };
  if (name === 'ping') return { kind: 'ignored', reason: 'the webhook works' };
  return normalise(name, payload, audience);
}
