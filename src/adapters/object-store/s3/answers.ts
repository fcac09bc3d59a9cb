import type { ListedObject } from '../../../ports/object-store.ts';
import { readXml } from './xml.ts';

/** One page of ListObjectsV2. */
export interface ListPage {
  /** Whole keys, as they are in the bucket. */
  readonly objects: readonly ListedObject[];
  /** Where to go on; undefined on the last page. */
  readonly next: string | undefined;
}

/** Reads a page; undefined when the text is none. Keys are percent-decoded where the answer says they are encoded. */
export function readListPage(xml: string): ListPage | undefined {
  const rows: { key: string; size: string; etag: string | undefined }[] = [];
  const top: Record<string, string> = {};
  let row: Record<string, string> = {};
  const whole = readXml(xml, (path, text) => {
    const [root, first = '', second, third] = path.split('/');
    if (root !== 'ListBucketResult' || third !== undefined) return;
    if (second === undefined && first === 'Contents') {
      rows.push({ key: row['Key'] ?? '', size: row['Size'] ?? '', etag: row['ETag'] });
      row = {};
    } else if (second === undefined) {
      top[first] = text;
    } else if (first === 'Contents') {
      row[second] = text;
    }
  });
  if (!whole || top[''] === undefined) return undefined;
  const truncated = top['IsTruncated'] === 'true';
  const next = truncated ? top['NextContinuationToken'] : undefined;
  if (truncated && (next === undefined || next === '')) return undefined;
  const objects: ListedObject[] = [];
  for (const { key, size, etag } of rows) {
    const name = top['EncodingType'] === 'url' ? decodeKey(key) : key;
    if (name === undefined || name === '' || !/^\d{1,15}$/.test(size)) return undefined;
    objects.push({ key: name, size: Number(size), etag: plainEtag(etag) });
  }
  return { objects, next };
}

/** The code of an error answer, `NoSuchKey`; undefined when the text is none. `region` where S3 says the right one. */
export function readError(
  xml: string,
): { readonly code: string; readonly region: string | undefined } | undefined {
  let code: string | undefined;
  let region: string | undefined;
  const whole = readXml(xml, (path, text) => {
    if (path === 'Error/Code') code = text.trim();
    if (path === 'Error/Region') region = text.trim();
  });
  return whole && code !== undefined && /^[A-Za-z0-9.]{1,64}$/.test(code) ? { code, region } : undefined;
}

/** An etag without quotes and weakness mark. */
export function plainEtag(etag: string | undefined): string | undefined {
  const plain = etag?.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
  return plain === '' ? undefined : plain;
}

function decodeKey(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', '%20'));
  } catch {
    return undefined;
  }
}
