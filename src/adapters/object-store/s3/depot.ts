import { messageOf } from '../../../errors.ts';
import type { Log } from '../../../log.ts';
import type { Depot, Incoming, Upload } from '../models/depot.ts';
import { troubleError } from '../models/refusals.ts';
import type { S3Deps, S3Learned, S3StoreConfig } from './config.ts';
import type { S3Door } from './demand.ts';
import { abortUpload, completeUpload, createUpload, sendPart } from './multipart.ts';
import { putObject } from './put-object.ts';
import { isThere, openParts } from './read-parts.ts';
import { openSession } from './session.ts';
import { createS3Store } from './store.ts';
import type { WriteMemory, WriteRules } from './write-rules.ts';

/** What a depot needs beside what an S3 store needs. */
export type S3DepotDeps = S3Deps & {
  readonly log: Pick<Log, 'warn'>;
  /** Bytes of a part; S3 takes no less than 5 MiB, but for the last one. */
  readonly partBytes: number;
  readonly writeMemory: WriteMemory;
};

/** How long it is tried to take an upload back, whatever became of its job. */
const discardMs = 10_000;

/** A bucket, or a prefix of it, that files are copied from and to. */
export function createS3Depot(config: S3StoreConfig, deps: S3DepotDeps): Depot {
  const { bucket, prefix } = config.location;
  const url = `s3://${bucket}/${prefix}`.replace(/\/$/, '');
  const learned: S3Learned = { region: undefined };
  const rules = deps.writeMemory(`${config.server.endpoint?.origin ?? ''} ${url}`.trimStart());

  async function openDoor(signal: AbortSignal): Promise<S3Door> {
    signal.throwIfAborted();
    const session = await openSession(config, deps, learned);
    if ('kind' in session) throw troubleError(session, url);
    return { session, prefix };
  }

  return {
    url,
    store: createS3Store(config, deps),
    async open(key, signal) {
      return openParts(await openDoor(signal), prefix + key, deps.partBytes, signal);
    },
    async upload(file, signal) {
      const door = await openDoor(signal);
      const whole = { ...file, key: prefix + file.key };
      if (file.size <= deps.partBytes) return singleUpload(door, whole, rules, signal);
      return multipartUpload(door, whole, { rules, log: deps.log }, signal);
    },
  };
}

/** The only part is kept until it is published. */
function singleUpload(
  door: S3Door,
  { key, release }: Incoming,
  rules: WriteRules,
  signal: AbortSignal,
): Upload {
  let body: Buffer = Buffer.alloc(0);
  function drop(): void {
    release(body.length);
    body = Buffer.alloc(0);
  }
  return {
    add: (part) => Promise.resolve(void (body = part)),
    async publish(bodyHash) {
      const found = await putObject(door, { key, body, bodyHash }, rules, signal);
      drop();
      return found;
    },
    discard: () => Promise.resolve(drop()),
  };
}

async function multipartUpload(
  door: S3Door,
  { key, release }: Incoming,
  by: { readonly rules: WriteRules; readonly log: Pick<Log, 'warn'> },
  signal: AbortSignal,
): Promise<Upload> {
  const upload = await createUpload(door, key, signal);
  const etags: string[] = [];
  return {
    async add(body) {
      try {
        etags.push(await sendPart(door, upload, { number: etags.length + 1, body }, signal));
      } finally {
        release(body.length);
      }
    },
    async publish() {
      // Sending took its time, and there are stores that do not look at the condition.
      if (await isThere(door, key, signal)) return 'taken';
      return completeUpload(door, upload, { etags, rules: by.rules }, signal);
    },
    async discard() {
      try {
        await abortUpload(door, upload, AbortSignal.timeout(discardMs));
      } catch (thrown) {
        const { uploadId } = upload;
        const left = { bucket: door.session.bucket, key, uploadId, error: messageOf(thrown) };
        by.log.warn(
          left,
          'an incomplete upload is left in the bucket: abort it, or let a lifecycle rule do so',
        );
      }
    },
  };
}
