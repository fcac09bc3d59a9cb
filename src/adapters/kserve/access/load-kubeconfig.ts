import type { KubeConfig } from '@kubernetes/client-node';
import { UserError } from '../../../errors.ts';
import type { ClusterConfig, KserveDeps } from '../config.ts';

/** Loads the official client, and with it how the cluster is reached. @throws UserError `cluster-credentials`. */
export async function loadKubeconfig(
  cluster: Exclude<ClusterConfig, { kind: 'given' }>,
  environment: string,
  env: KserveDeps['env'],
): Promise<KubeConfig> {
  const setting = `environments.${environment}.kserve`;
  if (cluster.kind === 'in-cluster' && !env['KUBERNETES_SERVICE_HOST']) {
    throw new UserError(
      'cluster-credentials',
      `the cluster of the environment ${environment} is unknown: this is no pod of Kubernetes`,
      `Give ${setting}.kubeconfig or ${setting}.cluster.`,
    );
  }
  const library = await import('@kubernetes/client-node');
  const kubeconfig = new library.KubeConfig();
  try {
    if (cluster.kind === 'kubeconfig') kubeconfig.loadFromFile(cluster.path);
    else kubeconfig.loadFromCluster();
  } catch (thrown) {
    throw unreadable(cluster, setting, thrown);
  }
  // The library refuses addresses without TLS unless told so; whoever wrote the address meant it.
  for (const known of kubeconfig.getClusters()) {
    if (known.server.startsWith('http:')) Object.assign(known, { skipTLSVerify: true });
  }
  return kubeconfig;
}

/** The message would quote the file, secrets included: only its code is told. */
function unreadable(
  cluster: Exclude<ClusterConfig, { kind: 'given' }>,
  setting: string,
  thrown: unknown,
): UserError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no kubeconfig';
  const what = cluster.kind === 'kubeconfig' ? cluster.path : "the pod's service account";
  return new UserError(
    'cluster-credentials',
    `${setting}: ${what} cannot be read [${code}]`,
    remedyOf(cluster, code),
  );
}

function remedyOf(cluster: Exclude<ClusterConfig, { kind: 'given' }>, code: string): string {
  if (cluster.kind === 'in-cluster')
    return 'Mount a service account token into the pod (automountServiceAccountToken).';
  if (code === 'ENOENT')
    return 'There is no such file: mount it where the release worker runs, or correct the path.';
  return `Try: kubectl --kubeconfig ${cluster.path} config view`;
}
