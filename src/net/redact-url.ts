const shape = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i;
const plainAuthority = /^(?:[\w.-]*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const longest = 300;

/**
 * A url for messages and logs: without userinfo, query values and fragment, without control characters, and cut to
 * 300 characters. Text that only looks like a url (a password with a slash in it) keeps its scheme alone.
 */
export function redactUrl(url: string): string {
  const found = shape.exec(url);
  if (found === null) return clean(url.replace(/^[^/]*:[^/]*@/, '').replace(/[?#].*$/s, ''));
  const [, scheme = '', authority = '', path = '', query] = found;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // A password may hold the characters that end an authority.
  const hiddenUserinfo =
    authority.includes(':') && url.slice(scheme.length + 3 + authority.length).includes('@');
  if (!plainAuthority.test(host) || hiddenUserinfo) return `${scheme.toLowerCase()}://…`;
  return clean(`${scheme.toLowerCase()}://${host}${path}${redactQuery(query)}`);
}

function redactQuery(query: string | undefined): string {
  if (query === undefined || query === '') return '';
  const names = query
    .split('&')
    .map((part) => (part.includes('=') ? `${part.slice(0, part.indexOf('='))}=…` : '…'));
  return `?${names.join('&')}`;
}

function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must not reach a log
  const printable = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '');
  return printable.length > longest ? `${printable.slice(0, longest)}…` : printable;
}
