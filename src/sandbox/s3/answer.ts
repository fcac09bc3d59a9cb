import { escapeXml, xmlDocument } from './xml.ts';

/** What the server sends; `body` is left out for HEAD by the server itself. */
export interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer with text. */
export function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): S3Answer {
  return { status, headers, body: typeof body === 'string' ? Buffer.from(body) : body };
}

/** An error as S3 words it: a code, a message, and further elements such as Key or BucketName. */
export function refuse(
  status: number,
  code: string,
  message: string,
  more: {
    readonly fields?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): S3Answer {
  const fields = { Code: code, Message: message, ...more.fields };
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  const body = xmlDocument(`<Error>${inner.join('')}<RequestId>SANDBOX</RequestId></Error>`);
  return answer(status, { 'content-type': 'application/xml', ...more.headers }, body);
}

/** 403 AccessDenied: also what S3 says of a missing key to those who may not list. */
export function accessDenied(message = 'Access Denied'): S3Answer {
  return refuse(403, 'AccessDenied', message);
}
