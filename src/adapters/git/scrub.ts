/** Git's complaints without user names, passwords and the given secrets, fit for logs and for people. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*@/gi, '$1');
  for (const secret of secrets) {
    if (secret.length >= 4) clean = clean.replaceAll(secret, '***');
  }
  return clean.replace(/authorization:[^\n]*/gi, 'authorization: ***').trim();
}

/** Everything of an `Authorization` header that could be recognised: the whole, its credentials, what they encode. */
export function secretsOf(authorization: string | undefined): readonly string[] {
  if (authorization === undefined) return [];
  const credentials = authorization.replace(/^\S+\s+/, '');
  const decoded = /^basic\s/i.test(authorization) ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return [authorization, credentials, decoded, password].filter((secret) => secret !== '');
}
