/**
 * Secrets that are recognised by their form, registered or not: tokens of the hosts (specs git-hosts 4.1), credentials
 * in headers, urls and signed queries, keys. What goes before a secret is the group that stays. No secret takes a quote
 * or a backslash, so that a JSON line stays JSON, and each pattern has a fixed beginning, so that a long line costs
 * linear time: a look-behind there would be tried at every character.
 */
const patterns: readonly RegExp[] = [
  /(^|[^A-Za-z0-9]|\\[bfnrt])(?:gh[opsru]_[\w.-]{16,}|github_pat_\w+)/g,
  /(^|[^A-Za-z0-9]|\\[bfnrt])gl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct)-[\w.-]{8,}/g,
  /(whsec_)[^\s"'\\<>&]+/g,
  /(authorization[\\"']{0,4}\s{0,4}[:=,]\s{0,4}[\\"']{0,4}(?:basic|bearer|token|negotiate)\s{1,4})[^\s"'\\,]+/gi,
  /(\bbearer\s)[\w.~+/=-]{16,}/gi,
  /(\b(?:private-token|job-token|x-gitlab-token|x-amz-security-token)[\\"']{0,4}\s{0,4}[:=,]\s{0,4}[\\"']{0,4})[^\s"'\\,]+/gi,
  /(:\/\/)[^\s"'\\/?#]{1,1024}(?=@)/g,
  /([?&;](?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|sig|signature|(?:private|access|job|refresh|id)_token|token|client_secret|secret|password)=)[^&\s"'\\]+/gi,
  /((?<![A-Za-z0-9]))A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /((?<![\w-]))eyJ[\w-]{10,}\.[\w-]{4,}\.[\w-]*/g,
  /(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)[^"]*?(?=-----END|"|$)/g,
];

/** The text with every such secret replaced by `mask`. */
export function maskTokens(text: string, mask: string): string {
  let masked = text;
  for (const pattern of patterns) masked = masked.replace(pattern, `$1${mask}`);
  return masked;
}
