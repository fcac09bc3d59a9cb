import type { MergeRequest } from '../../src/sandbox/gitlab/state.ts';
import type { World } from './world.ts';

/** How one change went. Times are milliseconds since 1970, with fractions. */
export interface Passage {
  /** When the service had answered the webhook. */
  readonly answeredAt: number;
  /** When the first request came to the host's API, and when the terminal status had been posted. */
  readonly firstRequestAt: number;
  readonly endedAt: number;
}

/** A request that one of the stand-ins saw. */
export interface Seen {
  readonly at: number;
  readonly place: 'api' | 'git' | 's3';
}

/** Looks at what comes to the stand-ins. */
export interface Watch {
  /** Opens merge requests for the prepared branches and waits until all of them have a terminal status. */
  play(branches: readonly string[]): Promise<readonly Passage[]>;
  /** Everything that came since the last call. */
  take(): readonly Seen[];
}

const deadlineMs = 60_000;

/** Begins to watch a world. */
export function createWatch({ gitlab, s3, project }: World): Watch {
  const seen: Seen[] = [];
  const ended = new Map<string, number>();
  const failures: string[] = [];
  const see = (place: Seen['place']) => (): boolean => {
    seen.push({ at: now(), place });
    return false;
  };
  // Rules that never apply: they are asked about every request as it comes.
  gitlab.fail({ when: see('api'), fault: { kind: 'drop' } });
  gitlab.failGit({ when: see('git'), fault: { kind: 'drop' } });
  s3.fail({ when: see('s3'), fault: { kind: 'drop' } });
  gitlab.observe(({ method, path, body, status }) => {
    const sha = /\/statuses\/([0-9a-f]{40})$/.exec(path)?.[1];
    if (method !== 'POST' || sha === undefined || status >= 300) return;
    const state = stateOf(body);
    if (state === 'failed') failures.push(JSON.stringify(body));
    if (state === 'success' && !ended.has(sha)) ended.set(sha, now());
  });

  async function play(branches: readonly string[]): Promise<readonly Passage[]> {
    const from = seen.length;
    const opened = await Promise.all(
      branches.map((source) => gitlab.openMergeRequest(project, { source, title: source, as: 'ada' })),
    );
    const until = now() + deadlineMs;
    while (!opened.every(({ sha }) => ended.has(sha))) {
      if (failures.length > 0) throw new Error(`a change that is right failed: ${failures[0]}`);
      if (now() > until) throw new Error(`no verdict within ${deadlineMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await gitlab.idle();
    const firstRequestAt = seen.slice(from).find(({ place }) => place === 'api')?.at ?? Number.NaN;
    return opened.map((mergeRequest) => {
      const endedAt = ended.get(mergeRequest.sha) ?? Number.NaN;
      return { answeredAt: answeredAt(mergeRequest), firstRequestAt, endedAt };
    });
  }

  function answeredAt({ iid }: MergeRequest): number {
    const delivery = gitlab.deliveries.find(
      ({ trigger, requestBody }) => trigger === 'Merge Request Hook' && requestBody.includes(`"iid":${iid},`),
    );
    if (delivery?.responseStatus !== 202)
      throw new Error(`the webhook of !${iid} was answered ${delivery?.responseStatus}`);
    return delivery.createdAt.getTime() + delivery.durationMs;
  }

  return { play, take: () => seen.splice(0) };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function stateOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'state' in body ? body.state : undefined;
}
