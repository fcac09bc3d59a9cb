/**
 * Where the REST API of a GitHub is (specs git-hosts 4.1): github.com has a host of its own for it, and so have the
 * enterprises of ghe.com; an Enterprise Server answers below `/api/v3`.
 */
export function apiUrlOf(url: string): string {
  const { protocol, host } = new URL(url);
  if (host === 'github.com' || host.endsWith('.ghe.com')) return `${protocol}//api.${host}`;
  return `${url.replace(/\/+$/, '')}/api/v3`;
}
