import { createDispatchers } from '../../../../src/net/dispatchers.ts';
import type { Dispatchers } from '../../../../src/net/dispatchers.ts';
import { keysFrom } from '../../../../src/adapters/object-store/credentials/credentials.ts';
import type { CredentialSource } from '../../../../src/adapters/object-store/credentials/credentials.ts';
import type { S3Deps, S3StoreConfig } from '../../../../src/adapters/object-store/s3/config.ts';
import { createS3Store } from '../../../../src/adapters/object-store/s3/store.ts';
import type { ObjectStore } from '../../../../src/ports/object-store.ts';
import { createS3Sandbox } from '../../../../src/sandbox/s3/sandbox.ts';
import type { S3BucketConfig } from '../../../../src/sandbox/s3/store.ts';
import type { S3Sandbox } from '../../../../src/sandbox/s3/sandbox.ts';

export const keys = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox/secret+with=signs' };

/** A sandbox with its client side; waits between attempts are recorded, not waited for. */
export interface S3World {
  readonly sandbox: S3Sandbox;
  readonly waits: readonly number[];
  open(config?: Partial<S3StoreConfig>): ObjectStore;
  close(): Promise<void>;
}

/** Buckets: `team`, and those given. */
export async function createS3World(
  options: {
    readonly buckets?: Record<string, S3BucketConfig>;
    readonly region?: string;
    readonly anonymous?: boolean;
    readonly pageLimit?: number;
    /** The client's clock. */
    readonly now?: () => Date;
  } = {},
): Promise<S3World> {
  const sandbox = await createS3Sandbox({
    buckets: { team: { versioned: false }, ...options.buckets },
    ...(options.anonymous !== true && { credentials: keys }),
    ...(options.region !== undefined && { region: options.region }),
    ...(options.pageLimit !== undefined && { pageLimit: options.pageLimit }),
  });
  const dispatchers: Dispatchers = createDispatchers();
  const waits: number[] = [];
  const deps: S3Deps = {
    dispatchers,
    random: () => 0.5,
    clock: {
      now: options.now ?? (() => new Date()),
      sleep: (ms, signal) => {
        waits.push(ms);
        return signal.aborted ? Promise.reject(signal.reason) : Promise.resolve();
      },
    },
  };
  return {
    sandbox,
    waits,
    open(config = {}) {
      const base: S3StoreConfig = {
        location: { bucket: 'team', prefix: 'dvc/' },
        server: { endpoint: new URL(sandbox.url), secure: true },
        region: undefined,
        credentials: givenKeys(keys),
        tls: () => Promise.resolve({}),
        timeouts: { headersMs: 300, bodyMs: 300, totalMs: 2000 },
      };
      return createS3Store({ ...base, ...config }, deps);
    },
    async close() {
      await dispatchers.close();
      await sandbox.close();
    },
  };
}

export function givenKeys(given: { accessKeyId: string; secretAccessKey: string }): CredentialSource {
  return () => Promise.resolve(keysFrom(given));
}
