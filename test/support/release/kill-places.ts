import type { LiveWorld } from './live-world.ts';
import type { Fate } from './fates.ts';

/** Whether the request in whose middle the worker dies is carried out: its answer is lost in any case. */
type Cut = 'before' | 'after';

/** Where a worker is killed. */
export interface KillPlace {
  readonly name: string;
  readonly fate: Fate;
  /** Bytes of the model. */
  readonly size?: number;
  /** Arms the kill; the returned function disarms it. */
  arm(live: LiveWorld): () => void;
}

/** A request, as far as all stand-ins tell of one. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** The end of the worker at the nth request that is meant. */
function atNth<Request>(live: LiveWorld, is: (request: Request) => boolean, nth: number) {
  let count = 0;
  return (request: Request): boolean => {
    if (!is(request)) return false;
    count += 1;
    if (count !== nth) return false;
    live.kill();
    return true;
  };
}

interface Meant {
  readonly cut?: Cut;
  readonly nth?: number;
}

type Arm = KillPlace['arm'];

const lost = (cut: Cut = 'before') => ({ kind: cut === 'before' ? 'drop' : 'lost' }) as const;

function kubeflow(is: (request: Asked) => boolean, { cut, nth = 1 }: Meant = {}): Arm {
  return (live) => live.platform.kubeflow.fail({ when: atNth(live, is, nth), fault: lost(cut) });
}

function cluster(
  is: (request: { readonly verb: string; readonly resource: string }) => boolean,
  { cut, nth = 1 }: Meant = {},
): Arm {
  return (live) => live.platform.kubernetes.fail({ when: atNth(live, is, nth), fault: lost(cut) });
}

function store(
  is: (request: { readonly method: string; readonly bucket: string; readonly key: string }) => boolean,
  { cut, nth = 1 }: Meant = {},
): Arm {
  return (live) => live.platform.s3.fail({ when: atNth(live, is, nth), fault: lost(cut) });
}

function host(is: (request: Asked) => boolean, { cut, nth = 1 }: Meant = {}): Arm {
  const fault = { kind: cut === 'after' ? 'applied-then-502' : 'drop' } as const;
  return ({ world, ...live }) => world.host.sandbox.fail({ when: atNth({ world, ...live }, is, nth), fault });
}

function prediction(): Arm {
  return (live) =>
    live.platform.kubernetes.failPredictions({ when: atNth(live, () => true, 1), fault: { kind: 'drop' } });
}

const posts = (end: string) => (request: Asked) => request.method === 'POST' && request.path.endsWith(end);
const isUpload = (request: Asked): boolean =>
  request.method === 'POST' && request.path.includes('/pipelines/upload');
const isRun = posts('/runs');
const reads = (bucket: string, part: string) => (request: { method: string; bucket: string; key: string }) =>
  request.method === 'GET' && request.bucket === bucket && request.key.includes(part);
const writes = (end: string) => (request: { method: string; bucket: string; key: string }) =>
  request.method === 'PUT' && request.bucket === 'models' && request.key.endsWith(end);
const service = (verb: string) => (request: { readonly verb: string; readonly resource: string }) =>
  request.verb === verb && request.resource === 'inferenceservices';
const isRevision = (request: { readonly resource: string }): boolean => request.resource === 'revisions';

/** Our status about production that says how the release ended. */
function isLastStatus({ method, path, body }: Asked): boolean {
  const text = JSON.stringify(body ?? '');
  const isOurs = method === 'POST' && path.includes('/statuses/') && text.includes('modelgate/production');
  return isOurs && /"(?:success|failed)"/.test(text);
}

const isDeployment = posts('/deployments');
const isEndOfDeployment = ({ method, path }: Asked): boolean =>
  method === 'PUT' && /\/deployments\/\d+$/.test(path);
const isComment = ({ method, path, body }: Asked): boolean =>
  method === 'POST' && path.endsWith('/notes') && JSON.stringify(body ?? '').includes('production');

const twoParts = 17 * 1024 * 1024;

/** The places, in the order of a release; the first release that is good makes the service. */
export const killPlaces: readonly KillPlace[] = [
  {
    name: 'the pipeline was made, and its version was not yet uploaded',
    fate: 'worse than the limit',
    arm: kubeflow(isUpload, { cut: 'after' }),
  },
  {
    name: 'the service was created, the answer did not come',
    fate: 'good',
    arm: cluster(service('create'), { cut: 'after' }),
  },
  { name: 'a run is about to be asked for', fate: 'good', arm: kubeflow(isRun) },
  { name: 'a run was made', fate: 'good', arm: kubeflow(isRun, { cut: 'after' }) },
  {
    name: 'the run is being watched',
    fate: 'good',
    arm: kubeflow(({ method, path }) => method === 'GET' && /\/runs\/[^/:]+$/.test(path), { nth: 2 }),
  },
  { name: 'the log of a failed task is being read', fate: 'a task fails', arm: kubeflow(isLog) },
  { name: 'the manifest is being read', fate: 'good', arm: store(reads('runs', 'handover/')) },
  {
    name: 'in the middle of the copy',
    fate: 'good',
    size: twoParts,
    arm: store(writes('model.pkl'), { nth: 2 }),
  },
  { name: 'the publication was sealed', fate: 'good', arm: store(writes('.json'), { cut: 'after' }) },
  { name: 'the service is about to be changed', fate: 'good', arm: cluster(service('patch')) },
  { name: 'the service was changed', fate: 'good', arm: cluster(service('patch'), { cut: 'after' }) },
  { name: 'the rollout is being watched', fate: 'good', arm: cluster(isRevision, { nth: 3 }) },
  { name: 'the new model is asked', fate: 'good', arm: prediction() },
  {
    name: 'the old model is about to be put back',
    fate: 'does not load',
    arm: cluster(service('patch'), { nth: 2 }),
  },
  {
    name: 'the old model was put back',
    fate: 'answers wrongly',
    arm: cluster(service('patch'), { nth: 2, cut: 'after' }),
  },
  { name: 'the last status is about to be written', fate: 'good', arm: host(isLastStatus) },
  { name: 'the last status was written', fate: 'good', arm: host(isLastStatus, { cut: 'after' }) },
  { name: 'the deployment was made', fate: 'good', arm: host(isDeployment, { cut: 'after' }) },
  {
    name: 'the deployment was ended',
    fate: 'does not load',
    arm: host(isEndOfDeployment, { cut: 'after' }),
  },
  { name: 'the comment was written', fate: 'good', arm: host(isComment, { cut: 'after' }) },
];

function isLog({ method, path }: Asked): boolean {
  return method === 'GET' && path.endsWith('/log');
}
