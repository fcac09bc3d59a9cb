import type { Rule } from '../rule.ts';
import { committedSecret } from './committed-secret.ts';
import { missingOnRemote } from './missing-on-remote.ts';
import type { DataNodes } from './model.ts';
import { outsideProject } from './outside-project.ts';
import { remoteChanged } from './remote-changed.ts';
import { remoteNotBound } from './remote-not-bound.ts';
import { remoteUndefined } from './remote-undefined.ts';
import { schema } from './schema.ts';
import { sizeMismatch } from './size-mismatch.ts';
import { unparsable } from './unparsable.ts';
import { unversionedBucket } from './unversioned-bucket.ts';

export { visitData, type DataModel, type DataNodes } from './model.ts';

/** The rules of the group `data`. */
export const dataRules: readonly Rule<DataNodes>[] = [
  unparsable,
  schema,
  outsideProject,
  committedSecret,
  remoteUndefined,
  remoteNotBound,
  remoteChanged,
  missingOnRemote,
  sizeMismatch,
  unversionedBucket,
];
