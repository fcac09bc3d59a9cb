import type { JsonObject } from './json.ts';

/** A kubeconfig for a server on loopback; as JSON it is YAML too. Clients refuse plain HTTP unless TLS is not verified. */
export function kubeconfigFor(server: string, token = ''): JsonObject {
  const cluster = { server, 'insecure-skip-tls-verify': true };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster }],
    users: [{ name: 'sandbox', user: token === '' ? {} : { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox' } }],
    'current-context': 'sandbox',
  };
}
