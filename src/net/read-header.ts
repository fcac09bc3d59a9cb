/** Headers of a request as Node has them: names lower-case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One header as text, undefined when it was not sent; a repeated header is joined, so that it matches nothing. */
export function readHeader(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
