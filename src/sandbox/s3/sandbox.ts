import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, type FaultRule } from '../faults.ts';
import { headerRecord, listenOnLoopback, readBody } from '../loopback.ts';
import { createRecent } from '../recent.ts';
import { aboutObject } from './about-object.ts';
import { answer, refuse, type S3Answer } from './answer.ts';
import { faultAnswer, statusAnswer, type S3Fault } from './fault-answer.ts';
import { listObjects } from './listing.ts';
import { callerOf, refuseWrite } from './rights.ts';
import { bucketAndKey, decodedPath, queryPairs, type S3Request } from './request.ts';
import { verifySignature, type S3Credentials } from './signature.ts';
import { createBucket, type S3Bucket, type S3BucketConfig, type S3PutOptions } from './store.ts';
import type { S3Upload } from './uploads.ts';

export type { S3Fault } from './fault-answer.ts';

/** How the sandbox is set up. */
export interface S3Config {
  readonly buckets: Readonly<Record<string, S3BucketConfig>>;
  /** With credentials every request must be signed; without, none is looked at. */
  readonly credentials?: S3Credentials;
  /** Further credentials, which may only read. */
  readonly readers?: readonly S3Credentials[];
  /** The only region a signature may name. */
  readonly region?: string;
  readonly now?: () => Date;
  readonly port?: number;
  /** Keys a page of a listing has at most; 1000 by default. */
  readonly pageLimit?: number;
}

/** A request that was answered. */
export interface S3Seen {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  /** 0 when the connection was dropped or hung. */
  readonly status: number;
}

/** An S3-compatible server on loopback, in memory. */
export interface S3Sandbox {
  readonly url: string;
  /** Stores an object and returns its version id, `null` in a bucket without versions. */
  put(bucket: string, key: string, bytes: Buffer | string, options?: S3PutOptions): string;
  /** Removes an object as DELETE does, or one version for good. */
  remove(bucket: string, key: string, versionId?: string): void;
  /** The bytes of an object as it is now; undefined: there is none. */
  read(bucket: string, key: string): Buffer | undefined;
  /** The keys that have an object, in the order of their bytes. */
  keys(bucket: string): readonly string[];
  /** Multi-part uploads that are neither completed nor aborted. */
  uploads(bucket: string): readonly S3Upload[];
  /** The newest 10,000 requests, oldest first. */
  readonly requests: readonly S3Seen[];
  forgetRequests(): void;
  /** Makes requests go wrong; the returned function ends it. */
  fail(rule: FaultRule<S3Request, S3Fault>): () => void;
  close(): Promise<void>;
}

const maxBodyBytes = 256 * 1024 * 1024;

/** Starts the server. */
export async function createS3Sandbox(config: S3Config): Promise<S3Sandbox> {
  const now = config.now ?? (() => new Date());
  const buckets = new Map(
    Object.entries(config.buckets).map(([name, bucket]) => [name, createBucket(bucket, now)]),
  );
  const seen = createRecent<S3Seen>(10_000);
  const faults = createFaults<S3Request, S3Fault>();
  const stopping = new AbortController();
  const server = await listenOnLoopback((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }, config.port);

  return {
    url: server.url,
    put: (bucket, key, bytes, options) => bucketNamed(bucket).put(key, Buffer.from(bytes), options).versionId,
    remove: (bucket, key, versionId) => void bucketNamed(bucket).remove(key, versionId),
    read(bucket, key) {
      const [newest] = bucketNamed(bucket).versions(key);
      return newest?.deleteMarker === false ? newest.bytes : undefined;
    },
    keys: (bucket) => bucketNamed(bucket).keys(),
    uploads: (bucket) => bucketNamed(bucket).uploads.all(),
    requests: seen.entries,
    forgetRequests: () => seen.clear(),
    fail: (rule) => faults.add(rule),
    async close() {
      stopping.abort();
      await server.close();
    },
  };

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    if ('status' in request) return send(request, response, incoming.method ?? '');
    const fault = faults.take(request);
    if (fault?.kind === 'hang' || fault?.kind === 'drop') {
      record(request, 0);
      if (fault.kind === 'drop') response.destroy();
      return;
    }
    if (fault?.kind === 'delay') await delay(fault.ms, undefined, { signal: stopping.signal });
    if (fault?.kind === 'conflict') forgetUpload(request);
    const result = faultAnswer(fault, request) ?? respond(request);
    record(request, result.status);
    if (fault?.kind === 'lost') {
      if (fault.status === undefined) return void response.destroy();
      return send(statusAnswer(fault.status), response, request.method);
    }
    send(result, response, request.method, fault?.kind === 'truncate');
  }

  function respond(request: S3Request): S3Answer {
    const { region, readers = [] } = config;
    const credentials = config.credentials && callerOf(request, config.credentials, readers);
    const refused = credentials && verifySignature(request, { credentials, region, now: now() });
    if (refused !== undefined) return refused;
    const bucket = buckets.get(request.bucket);
    if (bucket === undefined) {
      const fields = { BucketName: request.bucket };
      return refuse(404, 'NoSuchBucket', 'The specified bucket does not exist', { fields });
    }
    if (request.key === '') return aboutBucket(bucket, request);
    const unwritable = refuseWrite(bucket, request, credentials !== config.credentials);
    return unwritable ?? aboutObject(bucket, request, (name) => buckets.get(name));
  }

  function forgetUpload({ bucket, key, query }: S3Request): void {
    const uploads = buckets.get(bucket)?.uploads;
    const upload = uploads?.find(key, query.get('uploadId'));
    if (upload !== undefined) uploads?.end(upload);
  }

  function aboutBucket(bucket: S3Bucket, request: S3Request): S3Answer {
    const region = { 'x-amz-bucket-region': config.region ?? 'us-east-1' };
    if (request.method === 'HEAD') return answer(bucket.config.canList === false ? 403 : 200, region);
    if (request.method !== 'GET')
      return refuse(405, 'MethodNotAllowed', 'The method is not allowed against a bucket');
    if (request.query.has('versioning')) {
      const status = bucket.config.versioned ? '<Status>Enabled</Status>' : '';
      const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
      const body = `<VersioningConfiguration xmlns="${xmlns}">${status}</VersioningConfiguration>`;
      return answer(200, { 'content-type': 'application/xml' }, body);
    }
    return listObjects(bucket, request, config.pageLimit ?? 1000);
  }

  function record(request: S3Request, status: number): void {
    const { method, bucket, key, query } = request;
    seen.add({ method, bucket, key, query: Object.fromEntries(query), status });
  }

  function bucketNamed(name: string): S3Bucket {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new Error(`the S3 sandbox has no bucket ${name}`);
    return bucket;
  }
}

async function readRequest(incoming: IncomingMessage): Promise<S3Request | S3Answer> {
  const target = incoming.url ?? '/';
  const body = await readBody(incoming, maxBodyBytes);
  if (body === undefined)
    return refuse(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  try {
    const headers = headerRecord(incoming);
    const where = bucketAndKey(decodedPath(target), headers['host'] ?? '');
    return {
      ...where,
      method: incoming.method ?? 'GET',
      target,
      query: new Map(queryPairs(target)),
      headers,
      body,
    };
  } catch {
    return refuse(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** HEAD and 304 have no body; a HEAD's content-length is that of the object. */
function send(result: S3Answer, response: ServerResponse, method: string, truncated = false): void {
  const bodiless = method === 'HEAD' || result.status === 204 || result.status === 304;
  const objectHead = method === 'HEAD' && result.status < 300;
  const length = bodiless && !objectHead ? {} : { 'content-length': String(result.body.length) };
  const own = { server: 'AmazonS3', 'x-amz-request-id': 'SANDBOX' };
  response.writeHead(result.status, { ...own, ...result.headers, ...length });
  if (!truncated || bodiless) return void response.end(bodiless ? undefined : result.body);
  response.write(result.body.subarray(0, result.body.length >> 1), () => response.destroy());
}
