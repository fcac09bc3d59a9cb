import { createHash } from 'node:crypto';
import { createUploads, type S3Uploads } from './uploads.ts';

/** One version of an object, or a delete marker. */
export interface S3Version {
  /** `null` where the bucket is not versioned. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly bytes: Buffer;
  /** Without quotes. */
  readonly etag: string;
  readonly modified: Date;
  /** Further answer headers, lower-case, such as `content-type` or `x-amz-server-side-encryption`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How an object is stored when not plainly. */
export interface S3PutOptions {
  /** Instead of the md5, as after a multi-part upload or with a KMS key (specs dvc 5). */
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of one that the bucket makes up. */
  readonly versionId?: string;
}

/** A bucket's settings. */
export interface S3BucketConfig {
  readonly versioned: boolean;
  /** Whether the caller has ListBucket: without it a missing key is 403 and listing is refused. Default true. */
  readonly canList?: boolean;
  /** Whether the caller has PutObject, DeleteObject and AbortMultipartUpload. Default true. */
  readonly canWrite?: boolean;
  /** What becomes of `If-None-Match` and `If-Match` in writes: some servers answer 501, some do not look at them. */
  readonly conditionalWrites?: 'supported' | 'refused' | 'ignored';
  /** The least bytes of a part that is not the last one; 5 MiB by default. */
  readonly minPartBytes?: number;
  /** The most bytes that one request may copy; 5 GiB by default. */
  readonly maxCopyBytes?: number;
}

/** Objects of one bucket. */
export interface S3Bucket {
  readonly config: S3BucketConfig;
  /** Multi-part uploads that are neither completed nor aborted. */
  readonly uploads: S3Uploads;
  /** Newest version first; empty when there was never any. */
  versions(key: string): readonly S3Version[];
  put(key: string, bytes: Buffer, options?: S3PutOptions): S3Version;
  /** Without `versionId`: a delete marker, or for good where the bucket is not versioned. */
  remove(key: string, versionId?: string): S3Version | undefined;
  /** Keys with a current version, in the order of their UTF-8 bytes. */
  keys(): readonly string[];
}

/** An empty bucket. */
export function createBucket(config: S3BucketConfig, now: () => Date): S3Bucket {
  const objects = new Map<string, readonly S3Version[]>();
  let sorted: readonly string[] | undefined;
  let written = 0;
  return { config, uploads: createUploads(now), versions, put, remove, keys };

  function versions(key: string): readonly S3Version[] {
    return objects.get(key) ?? [];
  }

  function put(key: string, bytes: Buffer, options: S3PutOptions = {}): S3Version {
    const etag = options.etag ?? createHash('md5').update(bytes).digest('hex');
    return add(key, { bytes, etag, deleteMarker: false, headers: options.headers ?? {} }, options.versionId);
  }

  function remove(key: string, versionId?: string): S3Version | undefined {
    if (versionId === undefined && config.versioned) {
      return add(key, { bytes: Buffer.alloc(0), etag: '', deleteMarker: true, headers: {} });
    }
    const id = versionId ?? 'null';
    const gone = versions(key).find((version) => version.versionId === id);
    set(
      key,
      versions(key).filter((version) => version.versionId !== id),
    );
    return gone;
  }

  function add(
    key: string,
    content: Omit<S3Version, 'versionId' | 'modified'>,
    versionId?: string,
  ): S3Version {
    const version = { ...content, versionId: versionId ?? nextVersionId(key), modified: now() };
    set(key, config.versioned ? [version, ...versions(key)] : [version]);
    return version;
  }

  function nextVersionId(key: string): string {
    if (!config.versioned) return 'null';
    written += 1;
    const digest = createHash('sha256').update(`${written}:${key}`).digest('base64url');
    return digest.slice(0, 32).replaceAll('-', '.');
  }

  function set(key: string, list: readonly S3Version[]): void {
    const listed = isCurrent(objects.get(key));
    if (list.length === 0) objects.delete(key);
    else objects.set(key, list);
    if (listed !== isCurrent(list)) sorted = undefined;
  }

  function keys(): readonly string[] {
    sorted ??= [...objects]
      .filter(([, list]) => isCurrent(list))
      .map(([key]) => Buffer.from(key))
      .sort((one, other) => one.compare(other))
      .map(String);
    return sorted;
  }
}

function isCurrent(list: readonly S3Version[] | undefined): boolean {
  return list?.[0]?.deleteMarker === false;
}
