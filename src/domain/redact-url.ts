const shape = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/i;
const plainAuthority = /^(?:[\w.-]*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
/** A path: nothing before an `@` in it can be a password. */
const localPath = /^(?:\.{0,2}\/(?!\/)|~|[a-z]:[\\/])/i;
const longest = 300;
// oxlint-disable-next-line no-control-regex -- control characters are what must not reach a log
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * A url for messages and logs: without userinfo, query and fragment, without control characters, and cut to 300
 * characters. Where a password may hold the characters that end an authority, the scheme alone is left.
 */
export function redactUrl(url: string): string {
  const found = shape.exec(url);
  if (found === null) return clean(redactText(url));
  const [whole, scheme = '', authority = '', path = ''] = found;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const tail = url.slice(whole.length);
  const hiddenUserinfo = tail.includes('@') || (authority.includes(':') && path.includes('@'));
  if (!plainAuthority.test(host) || hiddenUserinfo) return `${scheme.toLowerCase()}://…`;
  return clean(`${scheme.toLowerCase()}://${host}${path}`);
}

/** What is no url: a path, `user:password@host:/x` as scp writes it, or a url that is misspelt. */
function redactText(text: string): string {
  const plain = text.replace(/[?#].*$/s, '');
  if (localPath.test(text)) return plain;
  const at = text.lastIndexOf('@');
  if (at < 0) return plain;
  if (!text.slice(0, at).includes(':') && !/^[^/\s]+@[^/\s:]+:/.test(text)) return plain;
  return text.slice(at + 1).replace(/[?#].*$/s, '');
}

function clean(text: string): string {
  const printable = text.replace(unprintable, '');
  return printable.length > longest ? `${printable.slice(0, longest)}…` : printable;
}
