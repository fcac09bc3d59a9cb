import { createModelStore } from '../../../../src/adapters/object-store/model-store.ts';
import type { ModelBinding, ModelStoreDeps } from '../../../../src/adapters/object-store/model-store.ts';
import { createDispatchers } from '../../../../src/net/dispatchers.ts';
import type { ModelStore } from '../../../../src/ports/model-store.ts';
import { createS3Sandbox } from '../../../../src/sandbox/s3/sandbox.ts';
import type { S3Sandbox } from '../../../../src/sandbox/s3/sandbox.ts';
import type { S3BucketConfig } from '../../../../src/sandbox/s3/store.ts';

export const writer = { accessKeyId: 'AKIAWRITER', secretAccessKey: 'sandbox/secret+with=signs' };
export const reader = { accessKeyId: 'AKIAREADER', secretAccessKey: 'may-only-read' };
/** Parts are this small, so that small files have several. */
export const partBytes = 64;

/** A bucket as the stand-in has it for models. */
export function bucket(config: Partial<S3BucketConfig> = {}): S3BucketConfig {
  return { versioned: false, minPartBytes: partBytes, ...config };
}

/** A stand-in with its model store; waits between attempts are recorded, not waited for. */
export interface ModelWorld {
  readonly sandbox: S3Sandbox;
  readonly warnings: readonly string[];
  readonly waits: readonly number[];
  /** The bytes that were held at most at one moment since it was asked the last time. */
  mostHeld(): number;
  open(
    places: readonly ModelBinding[],
    publish: string | undefined,
    deps?: Partial<ModelStoreDeps>,
  ): ModelStore;
  /** A binding of the stand-in. */
  place(url: string, more?: Partial<ModelBinding>): ModelBinding;
  close(): Promise<void>;
}

/** Starts a stand-in with these buckets. */
export async function createModelWorld(buckets: Record<string, S3BucketConfig>): Promise<ModelWorld> {
  const sandbox = await createS3Sandbox({ buckets, credentials: writer, readers: [reader] });
  const dispatchers = createDispatchers();
  const warnings: string[] = [];
  const waits: number[] = [];
  let held = 0;
  let most = 0;
  const deps: ModelStoreDeps = {
    dispatchers,
    partBytes,
    random: () => 0.5,
    env: {},
    home: '/nowhere',
    readFile: () => Promise.resolve(undefined),
    log: { warn: (_fields, message) => void warnings.push(message) },
    clock: {
      now: () => new Date(),
      sleep: (ms, signal) => {
        waits.push(ms);
        return signal.aborted ? Promise.reject(signal.reason) : Promise.resolve();
      },
    },
    meter(bytes) {
      held += bytes;
      most = Math.max(most, held);
    },
  };
  return {
    sandbox,
    warnings,
    waits,
    mostHeld() {
      const found = most;
      most = held;
      return found;
    },
    open: (places, publish, more = {}) => createModelStore({ places, publish }, { ...deps, ...more }),
    place: (url, more = {}) => ({ url, endpoint: sandbox.url, credentials: writer, ...more }),
    async close() {
      await dispatchers.close();
      await sandbox.close();
    },
  };
}
