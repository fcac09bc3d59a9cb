import type { S3Sandbox } from '../../sandbox/s3/sandbox.ts';
import { md5 } from './data.ts';
import { buckets } from './service.ts';

/** Pushes a file's content to the store as `dvc push` would. */
export function dvcPush(s3: S3Sandbox, content: string): void {
  const digest = md5(content);
  s3.put(buckets.data, `dvc/files/md5/${digest.slice(0, 2)}/${digest.slice(2)}`, content);
}
