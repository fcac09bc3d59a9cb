import { createHash } from 'node:crypto';

/** One part of a multi-part upload. */
export interface S3Part {
  readonly bytes: Buffer;
  /** The md5 of its bytes. */
  readonly etag: string;
  readonly modified: Date;
}

/** A multi-part upload that is neither completed nor aborted. */
export interface S3Upload {
  readonly uploadId: string;
  readonly key: string;
  readonly started: Date;
  /** Headers of the object to be. */
  readonly headers: Readonly<Record<string, string>>;
  /** By number, 1 to 10,000. */
  readonly parts: ReadonlyMap<number, S3Part>;
}

/** The uploads of one bucket. */
export interface S3Uploads {
  all(): readonly S3Upload[];
  start(key: string, headers: Readonly<Record<string, string>>): S3Upload;
  /** Only for the key that it was started for. */
  find(key: string, uploadId: string | undefined): S3Upload | undefined;
  /** A part of the same number is replaced. */
  keep(upload: S3Upload, number: number, bytes: Buffer): S3Part;
  end(upload: S3Upload): void;
}

/** None at first. */
export function createUploads(now: () => Date): S3Uploads {
  const open = new Map<string, S3Upload & { readonly parts: Map<number, S3Part> }>();
  let started = 0;
  return {
    all: () => [...open.values()],
    start(key, headers) {
      started += 1;
      const uploadId = `${createHash('sha256').update(`${started}:${key}`).digest('base64url')}_.`;
      const upload = { uploadId, key, started: now(), headers, parts: new Map<number, S3Part>() };
      open.set(uploadId, upload);
      return upload;
    },
    find(key, uploadId = '') {
      const found = open.get(uploadId);
      return found?.key === key ? found : undefined;
    },
    keep({ uploadId }, number, bytes) {
      const part = { bytes, etag: createHash('md5').update(bytes).digest('hex'), modified: now() };
      open.get(uploadId)?.parts.set(number, part);
      return part;
    },
    end: ({ uploadId }) => void open.delete(uploadId),
  };
}

/** The etag of an object that was made of parts: the md5 of their md5s, and how many they were. */
export function etagOfParts(parts: readonly S3Part[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(part.etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}
