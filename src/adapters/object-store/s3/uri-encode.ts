/** Percent-encodes everything but unreserved characters, as Signature Version 4 wants it. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The same for a key: its slashes stay. */
export function uriEncodePath(key: string): string {
  return key.split('/').map(uriEncode).join('/');
}
