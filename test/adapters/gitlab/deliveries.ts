import { createHmac } from 'node:crypto';
import type { Delivery } from '../../../src/ports/host.ts';

export const hookToken = 'a hook token';

/** A delivery with the plain token. */
export function withToken(body: unknown, headers: Delivery['headers'] = {}): Delivery {
  return { headers: { 'x-gitlab-token': hookToken, ...headers }, body: toBytes(body) };
}

/** The header of a signed delivery, as GitLab 19 makes it. */
export function sign(key: string, id: string, timestamp: string, body: Buffer): string {
  const bytes = Buffer.from(key.slice('whsec_'.length), 'base64');
  const hmac = createHmac('sha256', bytes).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
}

export function toBytes(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

const project = { id: 7, path_with_namespace: 'ml/auto-mpg' };
export const head = 'a'.repeat(40);
export const otherHead = 'b'.repeat(40);
export const noCommit = '0'.repeat(40);

export const mergeRequestHook = {
  object_kind: 'merge_request',
  project,
  object_attributes: { iid: 3, action: 'open', last_commit: { id: head } },
};
export const pushHook = {
  object_kind: 'push',
  event_name: 'push',
  project,
  ref: 'refs/heads/feature/x',
  before: otherHead,
  after: head,
};
export const noteHook = {
  object_kind: 'note',
  event_type: 'note',
  project,
  object_attributes: {
    id: 99,
    note: '/modelgate recheck',
    noteable_type: 'MergeRequest',
    action: 'create',
    system: false,
  },
  merge_request: { iid: 3 },
};
export const pipelineHook = {
  object_kind: 'pipeline',
  project,
  object_attributes: { id: 500, sha: head, tag: false, source: 'merge_request_event' },
  merge_request: { iid: 3, target_project_id: 7 },
};
