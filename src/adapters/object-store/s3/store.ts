import type { ObjectStore } from '../../../ports/object-store.ts';
import type { S3Deps, S3Learned, S3StoreConfig } from './config.ts';
import { getS3 } from './get.ts';
import { listS3 } from './list.ts';
import { openSession } from './session.ts';
import { statS3 } from './stat.ts';

/** A data remote in a bucket of AWS or of anything that speaks S3. Reads only. */
export function createS3Store(config: S3StoreConfig, deps: S3Deps): ObjectStore {
  const { bucket, prefix } = config.location;
  const learned: S3Learned = { region: undefined };
  return {
    url: `s3://${bucket}/${prefix}`.replace(/\/$/, ''),
    async stat(wanted, signal) {
      signal.throwIfAborted();
      const session = await openSession(config, deps, learned);
      if ('kind' in session) return wanted.map(() => session);
      return statS3(session, prefix, wanted, signal);
    },
    async *list(below, after, signal) {
      signal.throwIfAborted();
      const session = await openSession(config, deps, learned);
      if ('kind' in session) yield session;
      else yield* listS3(session, prefix, { prefix: below, after }, signal);
    },
    async get(object, maxBytes, signal) {
      signal.throwIfAborted();
      const session = await openSession(config, deps, learned);
      if ('kind' in session) return session;
      return getS3(session, prefix, { ...object, maxBytes }, signal);
    },
  };
}
