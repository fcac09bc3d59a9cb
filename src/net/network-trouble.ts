/** A request that got no whole answer. `text` names the host and is safe to show: no path, query or header. */
export interface NetworkTrouble {
  readonly kind: 'trouble';
  readonly cause: 'timeout' | 'refused' | 'dns' | 'tls' | 'dropped' | 'redirects' | 'proxy' | 'other';
  readonly text: string;
}

const causes: Readonly<Record<string, NetworkTrouble['cause']>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EACCES: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  UND_ERR_SOCKET: 'dropped',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'dropped',
  ECONNRESET: 'dropped',
  EPIPE: 'dropped',
  UND_ERR_PRX_TLS: 'proxy',
  UND_ERR_ABORTED: 'proxy',
  EPROTO: 'tls',
  CERT_HAS_EXPIRED: 'tls',
  CERT_NOT_YET_VALID: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
};

const sentences: Readonly<Record<NetworkTrouble['cause'], string>> = {
  timeout: 'did not answer in time',
  refused: 'refuses connections or cannot be reached',
  dns: 'has no address (DNS)',
  tls: 'was not trusted (TLS)',
  dropped: 'dropped the connection',
  redirects: 'redirects elsewhere or too often',
  proxy: 'could not be reached through the proxy',
  other: 'could not be asked',
};

/** What was thrown while asking `host`, in plain words; decided by error codes, never by message text. */
export function describeNetworkError(thrown: unknown, host: string): NetworkTrouble {
  const code = codeOf(thrown);
  const cause = causes[code] ?? (/^ERR_(?:TLS|SSL|OSSL)_/.test(code) ? 'tls' : 'other');
  return networkTrouble(cause, host, code);
}

/** A trouble of a known cause; `detail` is a code, shown in brackets. */
export function networkTrouble(cause: NetworkTrouble['cause'], host: string, detail: string): NetworkTrouble {
  return {
    kind: 'trouble',
    cause,
    text: `${host} ${sentences[cause]}${detail === '' ? '' : ` [${detail}]`}`,
  };
}

/** The innermost error code: undici and Node wrap the cause, and gather several addresses in an AggregateError. */
function codeOf(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error) || depth > 5) return '';
  const inner =
    thrown instanceof AggregateError ? codeOf(thrown.errors[0], depth + 1) : codeOf(thrown.cause, depth + 1);
  if (inner !== '') return inner;
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
