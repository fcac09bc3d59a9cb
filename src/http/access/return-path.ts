/** A return address longer than this is forgotten: it travels in a cookie. */
const longest = 512;

/** A path of ours to go on with, or `/` for anything that could lead elsewhere. */
export function returnPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > longest || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted))
    return '/';
  const base = 'http://modelgate.invalid';
  if (wanted.includes('\\') || !URL.canParse(wanted, base)) return '/';
  const { origin, pathname, search } = new URL(wanted, base);
  // What dots are resolved to may begin with two slashes, which browsers take for another host.
  if (origin !== base || pathname.startsWith('//') || /^\/sign-(?:in|out)(?:\/|$)/.test(pathname)) return '/';
  return `${pathname}${search}`;
}
