import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import { toSha, type Sha } from '../../src/domain/repository.ts';
import { AbortError, RetryableError, UserError } from '../../src/errors.ts';
import { setComment as stick, type WantedComment } from '../../src/gate/sticky-comment.ts';
import type { DeploymentStatus, Host, ReportMemory, Status } from '../../src/ports/host.ts';
import { describeProduction } from './host-production.ts';

/** What a host's stand-in lets the suite do as its users, and see as they do. */
export interface HostWorld {
  readonly host: Host;
  readonly repository: { readonly id: string; readonly path: string };
  openChange(wanted?: {
    readonly fork?: boolean;
    readonly draft?: boolean;
    readonly title?: string;
  }): Promise<number>;
  closeChange(number: number): Promise<void>;
  /** Returns the new tip of `main`. */
  mergeChange(number: number, style?: MergeStyle): Promise<string>;
  /** Commits something to a branch directly, which begins at `main` where it is new; the commit. */
  commit(branch: string, message?: string): Promise<string>;
  deleteBranch(branch: string): Promise<void>;
  /** Another commit on the change's branch. */
  push(number: number): Promise<void>;
  /** Our statuses of a commit as the page of the change shows them: no hidden ones. */
  shownStatuses(change: Change): Promise<readonly ShownStatus[]>;
  /** The statuses `modelgate/production` of a commit as its page shows them: no hidden ones. */
  shownProduction(sha: string): Promise<readonly ShownStatus[]>;
  /** The deployments to an environment, oldest first. */
  shownDeployments(environment: string): Promise<readonly ShownDeployment[]>;
  /** The link beside the environment. */
  environmentUrl(environment: string): Promise<string | undefined>;
  /** Somebody else says that the commit was deployed. */
  deployElsewhere(environment: string, sha: string): Promise<void>;
  /** From now on the host does not let us deploy to the environment. */
  forbidDeployments(environment: string): void;
  /** The comments below a change, oldest first, without those of the host itself. */
  shownComments(number: number): Promise<readonly ShownComment[]>;
  /** Somebody comments; returns the comment's id. */
  comment(number: number, author: Person, text: string): Promise<string>;
  /** A comment that the host itself makes below a change; its id. */
  commentByHost(number: number): Promise<string>;
  person(role: Role): Promise<Person>;
  /** Requests that would change something, so far. */
  writes(): number;
  /** How often the comments of a change were listed. */
  commentLists(): number;
  fail(fault: HostFault): void;
  /** So much time goes by, in milliseconds. */
  later(ms: number): void;
  /** From now on the host does not know our token. */
  revokeToken(): void;
  /** From now on we may read the repository, and write nothing. */
  demote(): void;
  dispose(): Promise<void>;
}

export interface ShownStatus {
  readonly state: Status['state'];
  readonly description: string;
  readonly url: string;
}

/** A deployment as the host shows it; one that is called `inactive` there is called off. */
export interface ShownDeployment {
  readonly sha: string;
  readonly state: DeploymentStatus['state'];
}

/** How a change gets into its target; `push`: somebody pushes the head to it, if that is possible. */
export type MergeStyle = 'merge' | 'squash' | 'fast-forward' | 'squash-fast-forward' | 'push';

export interface ShownComment {
  readonly id: string;
  readonly text: string;
  readonly ours: boolean;
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** `blocked`: a maintainer whose account was blocked. */
export type Role = 'stranger' | 'reader' | 'developer' | 'maintainer' | 'blocked';

/** What goes wrong with the next request of that kind. */
export interface HostFault {
  readonly on: 'read' | 'status' | 'comment' | 'deployment';
  /** `lost`: carried out, and answered with 502. `hang`: never answered. `busy`: 429, to be asked again after 37 s. */
  readonly how: 'broken' | 'lost' | 'hang' | 'busy';
}

const never = new AbortController().signal;
const running: Status = {
  state: 'running',
  description: 'judging',
  url: 'https://modelgate.example.com/runs/1',
};
const passed: Status = { ...running, state: 'success', description: 'passed' };
const failed: Status = { ...running, state: 'failure', description: '2 findings' };

/** A change that is no merge group. */
export type NumberedChange = Change & { readonly number: number };

/** The change with a number, as the host tells it now. */
export async function readChange(
  host: Host,
  repositoryId: string,
  number: number,
): Promise<NumberedChange | undefined> {
  const change = await host.changes.read({ kind: 'change', host: host.id, repositoryId, number }, never);
  return change && { ...change, number: change.number ?? number };
}

/** Our one comment, as the gate makes it with what a host can do. */
export function putComment(host: Host, wanted: WantedComment, instance = 'test'): Promise<ReportMemory> {
  return stick({ comments: host.comments, instance }, wanted, never);
}

/** What every host must do, whatever its API (src/ports/host.ts). */
export function describeHost(name: string, createWorld: () => Promise<HostWorld>): void {
  describe(`${name} as a host`, () => {
    let world: HostWorld;

    beforeEach(async () => {
      world = await createWorld();
    });
    afterEach(() => world.dispose());

    const read = (number: number) => readChange(world.host, world.repository.id, number);

    async function openAndRead(wanted?: Parameters<HostWorld['openChange']>[0]): Promise<NumberedChange> {
      const change = await read(await world.openChange(wanted));
      if (change === undefined) throw new Error('the change that was just opened cannot be read');
      return change;
    }

    function setStatus(change: Change, status: Status, memory: ReportMemory = {}): Promise<ReportMemory> {
      return world.host.reporter.setStatus(change, status, memory, never);
    }

    function setComment(change: Change, body: string, create = true): Promise<ReportMemory> {
      return putComment(world.host, { change, body, create, memory: {} });
    }

    describe('reading', () => {
      test('an open change — is told as it is', async () => {
        const change = await openAndRead({ title: 'Train on newer data' });

        expect(change).toMatchObject({
          repository: { host: world.host.id, ...world.repository },
          title: 'Train on newer data',
          url: expect.stringMatching(/^https?:\/\//),
          state: 'open',
          draft: false,
          head: expect.stringMatching(/^[0-9a-f]{40}$/),
          headRef: expect.stringMatching(/^refs\//),
          source: { repositoryId: world.repository.id, fork: false },
          targetBranch: 'main',
        });
      });

      test('a draft — is one', async () => {
        expect(await openAndRead({ draft: true })).toMatchObject({ draft: true });
      });

      test('a change from a fork — names the fork', async () => {
        const { source, repository } = await openAndRead({ fork: true });

        expect(source.fork).toBe(true);
        expect(source.repositoryId).not.toBe(repository.id);
      });

      test('a closed and a merged change — say so', async () => {
        const [first, second] = [await world.openChange(), await world.openChange()];
        await world.closeChange(first);
        await world.mergeChange(second);

        expect([(await read(first))?.state, (await read(second))?.state]).toEqual(['closed', 'merged']);
      });

      test('a change that does not exist — is undefined', async () => {
        expect(await read(9999)).toBeUndefined();
      });

      test('another push — moves the head', async () => {
        const change = await openAndRead();
        await world.push(change.number);

        expect((await read(change.number))?.head).not.toBe(change.head);
      });

      test('open changes — are listed newest first, with head and target, and no more than asked for', async () => {
        const [first, second, third] = [await openAndRead(), await openAndRead(), await openAndRead()];
        await world.closeChange(second.number);
        const list = (limit: number) => world.host.changes.listOpen(world.repository.id, limit, never);

        expect(await list(10)).toEqual([
          { number: third.number, head: third.head, targetBranch: 'main' },
          { number: first.number, head: first.head, targetBranch: 'main' },
        ]);
        expect(await list(1)).toHaveLength(1);
        expect(await list(0)).toEqual([]);
      });

      test('a commit — has the open changes whose head it is, and no others', async () => {
        const [change, closed, fork] = [
          await openAndRead(),
          await openAndRead(),
          await openAndRead({ fork: true }),
        ];
        await world.closeChange(closed.number);
        const before = change.head;
        await world.push(change.number);
        const after = await read(change.number);
        const { id } = world.repository;
        const ofHead = (sha: Sha | undefined, repositoryId = id) =>
          world.host.changes.ofHead(repositoryId, sha ?? before, never);

        expect(await ofHead(after?.head)).toEqual([{ repositoryId: id, number: change.number }]);
        expect(await ofHead(fork.head)).toEqual([{ repositoryId: id, number: fork.number }]);
        expect(await ofHead(before)).toEqual([]);
        expect(await ofHead(closed.head)).toEqual([]);
        expect(await ofHead(toSha('f'.repeat(40)))).toEqual([]);
        expect(await ofHead(before, '999999')).toEqual([]);
      });

      test('the repositories — are those that the configuration names', async () => {
        const repositories = await world.host.changes.repositories(never);

        expect(repositories).toEqual([{ host: world.host.id, ...world.repository }]);
      });

      test('a comment — is told with its author', async () => {
        const number = await world.openChange();
        const author = await world.person('developer');
        const id = await world.comment(number, author, '/modelgate recheck');

        expect(await world.host.changes.comment(world.repository.id, number, id, never)).toEqual({
          authorId: author.id,
          author: author.name,
          text: '/modelgate recheck',
        });
      });

      test('a comment that is not there, or of the host itself — is undefined', async () => {
        const number = await world.openChange();
        const id = await world.commentByHost(number);
        const comment = (which: string) =>
          world.host.changes.comment(world.repository.id, number, which, never);

        expect(await comment('999999')).toBeUndefined();
        expect(await comment(id)).toBeUndefined();
      });
    });

    describe('status', () => {
      test('its life — running, passed, failed again — shows one status, the newest', async () => {
        const change = await openAndRead();

        let memory = await setStatus(change, running);
        expect(await world.shownStatuses(change)).toEqual([running]);
        memory = await setStatus(change, passed, memory);
        expect(await world.shownStatuses(change)).toEqual([passed]);
        memory = await setStatus(change, failed, memory);
        expect(await world.shownStatuses(change)).toEqual([failed]);
        await setStatus(change, running, memory);
        expect(await world.shownStatuses(change)).toEqual([running]);
      });

      test.each<Status['state']>(['running', 'success', 'failure', 'action-required', 'cancelled'])(
        '%s — as the first word — is shown',
        async (state) => {
          const change = await openAndRead();
          await setStatus(change, { ...running, state });

          const [shown] = await world.shownStatuses(change);
          const meant = state === 'action-required' ? ['action-required', 'failure'] : [state];
          expect(meant).toContain(shown?.state);
        },
      );

      test.each([running, passed, failed])(
        '$state — said again, remembered or not — writes nothing',
        async (status) => {
          const change = await openAndRead();
          const memory = await setStatus(change, status);
          const writes = world.writes();

          await setStatus(change, status, memory);
          await setStatus(change, status, {});

          expect(world.writes()).toBe(writes);
          expect(await world.shownStatuses(change)).toEqual([status]);
        },
      );

      test('the same final state with other words — is rewritten at once, and shown once', async () => {
        const change = await openAndRead();
        const again = { ...failed, description: 'next look in 5 min' };
        const memory = await setStatus(change, failed);
        const writes = world.writes();
        await setStatus(change, again, memory);

        expect(await world.shownStatuses(change)).toEqual([again]);
        expect(world.writes()).toBe(writes + 1);
      });

      test('a lost memory — in the middle of a life — makes no second status', async () => {
        const change = await openAndRead();
        await setStatus(change, running, {});
        await setStatus(change, passed, {});

        expect(await world.shownStatuses(change)).toEqual([passed]);
      });

      test.each([running, passed])(
        '$state — written, but the answer was lost — is found again',
        async (status) => {
          const change = await openAndRead();
          world.fail({ on: 'status', how: 'lost' });

          await expect(setStatus(change, status)).rejects.toBeInstanceOf(RetryableError);
          await setStatus(change, status);

          expect(await world.shownStatuses(change)).toEqual([status]);
        },
      );

      test('two heads of one change — have a status each', async () => {
        const before = await openAndRead();
        await setStatus(before, running);
        await world.push(before.number);
        const after = await read(before.number);
        if (after === undefined) throw new Error('the change is gone');
        await setStatus(after, passed);
        await setStatus(before, { ...running, state: 'cancelled' });

        expect(await world.shownStatuses(after)).toEqual([passed]);
        expect(await world.shownStatuses(before)).toMatchObject([{ state: 'cancelled' }]);
      });

      test('a very long description — is cut, not refused', async () => {
        const change = await openAndRead();
        await setStatus(change, { ...failed, description: 'ä€'.repeat(2000) });

        const [shown] = await world.shownStatuses(change);
        expect(shown?.description).toMatch(/^ä€ä€.*…$/u);
      });
    });

    describe('comment', () => {
      test('the first one — is made when it may be, and not otherwise', async () => {
        const change = await openAndRead();

        await setComment(change, 'all is well', false);
        expect(await world.shownComments(change.number)).toEqual([]);
        await setComment(change, '2 findings');
        expect(await world.shownComments(change.number)).toMatchObject([
          { ours: true, text: expect.stringContaining('2 findings') },
        ]);
      });

      test('another text — edits the one comment in place', async () => {
        const change = await openAndRead();
        await setComment(change, '2 findings');
        const [before] = await world.shownComments(change.number);
        await setComment(change, 'all is well', false);

        expect(await world.shownComments(change.number)).toMatchObject([
          { id: before?.id, text: expect.stringContaining('all is well') },
        ]);
      });

      test('the same text — writes nothing', async () => {
        const change = await openAndRead();
        await setComment(change, '## 2 findings\n\n- one\n- two\n');
        const writes = world.writes();
        await setComment(change, '## 2 findings\n\n- one\n- two\n');

        expect(world.writes()).toBe(writes);
      });

      test('two workers at once — make one comment', async () => {
        const change = await openAndRead();
        await Promise.all([setComment(change, '2 findings'), setComment(change, '2 findings')]);
        await setComment(change, '2 findings');

        expect(await world.shownComments(change.number)).toHaveLength(1);
      });

      test('made, but the answer was lost — is found again: one comment', async () => {
        const change = await openAndRead();
        world.fail({ on: 'comment', how: 'lost' });

        await expect(setComment(change, '2 findings')).rejects.toBeInstanceOf(RetryableError);
        await setComment(change, '2 findings');

        expect(await world.shownComments(change.number)).toHaveLength(1);
      });

      test('remembered — the others are not listed; forgotten or gone — they are', async () => {
        const change = await openAndRead();
        const set = (body: string, memory: ReportMemory) =>
          putComment(world.host, { change, body, create: true, memory });
        const memory = await set('2 findings', {});
        const reads = world.commentLists();
        await set('3 findings', memory);
        expect(world.commentLists()).toBe(reads);
        expect(await world.shownComments(change.number)).toMatchObject([
          { text: expect.stringContaining('3 findings') },
        ]);

        for (const other of [{}, { commentId: 999_999 }]) {
          const [before] = await world.shownComments(change.number);
          expect(await set('4 findings', other)).toMatchObject({ commentId: Number(before?.id) });
          expect(await world.shownComments(change.number)).toHaveLength(1);
        }
      });

      test('the remembered comment is somebody else’s — it is not touched', async () => {
        const change = await openAndRead();
        const id = await world.comment(change.number, await world.person('maintainer'), 'Looks good.');
        await putComment(world.host, {
          change,
          body: '2 findings',
          create: true,
          memory: { commentId: Number(id) },
        });

        expect(await world.shownComments(change.number)).toMatchObject([
          { id, text: 'Looks good.' },
          { ours: true, text: expect.stringContaining('2 findings') },
        ]);
      });

      test('somebody pastes our marker — their comment is not touched', async () => {
        const change = await openAndRead();
        await setComment(change, '2 findings');
        const [ours] = await world.shownComments(change.number);
        await world.comment(change.number, await world.person('maintainer'), ours?.text ?? '');
        await setComment(change, 'all is well');

        expect(await world.shownComments(change.number)).toMatchObject([
          { ours: true, text: expect.stringContaining('all is well') },
          { ours: false, text: ours?.text },
        ]);
      });

      test('other comments before ours, more than a page — ours is found', async () => {
        const change = await openAndRead();
        const author = await world.person('developer');
        for (let i = 0; i < 110; i += 1) await world.comment(change.number, author, `comment ${i}`);
        await setComment(change, '2 findings');
        await setComment(change, '3 findings');

        const ours = (await world.shownComments(change.number)).filter((comment) => comment.ours);
        expect(ours).toMatchObject([{ text: expect.stringContaining('3 findings') }]);
      });

      test('a very long text — is cut, not refused', async () => {
        const change = await openAndRead();
        await setComment(change, 'a line of findings\n'.repeat(100_000));

        const [shown] = await world.shownComments(change.number);
        expect(shown?.text.length).toBeLessThanOrEqual(60_000);
        expect(shown?.text).toContain('cut');
      });
    });

    describe('people', () => {
      test.each<[Role, boolean]>([
        ['stranger', false],
        ['reader', false],
        ['developer', true],
        ['maintainer', true],
        ['blocked', false],
      ])('a %s — may push: %s', async (role, expected) => {
        const person = await world.person(role);

        expect(await world.host.people.mayPush(world.repository.id, person.id, never)).toBe(expected);
      });

      test.each<[Role, boolean]>([
        ['stranger', false],
        ['reader', true],
        ['developer', true],
        ['maintainer', true],
        ['blocked', false],
      ])('a %s — may read: %s', async (role, expected) => {
        const person = await world.person(role);

        expect(await world.host.people.mayRead(world.repository.id, person.id, never)).toBe(expected);
      });

      test('an id that is nobody — may not push, nor read', async () => {
        expect(await world.host.people.mayPush(world.repository.id, '999999', never)).toBe(false);
        expect(await world.host.people.mayRead(world.repository.id, '999999', never)).toBe(false);
      });

      test('a user name — leads to the person whatever its case, and one that is nobody’s to nobody', async () => {
        const { people } = world.host;
        const mayRead = (id: string) => people.mayRead(world.repository.id, id, never);
        const idOf = (login: string) => people.idOf(login, never);
        const person = await world.person('reader');
        const id = await idOf(person.name.toUpperCase());
        const nobody = await idOf('nobody-of-that-name');

        expect(id?.toLowerCase()).toBe(person.id.toLowerCase());
        expect(id !== undefined && (await mayRead(id))).toBe(true);
        expect(nobody !== undefined && (await mayRead(nobody))).toBe(false);
      });
    });

    describeProduction(() => world);

    describe('trouble', () => {
      test('a host that is busy — can be tried again, when it says', async () => {
        const number = await world.openChange();
        world.fail({ on: 'read', how: 'busy' });

        await expect(read(number)).rejects.toMatchObject({ name: 'RetryableError', retryAfter: 37_000 });
        world.later(37_000);
        expect(await read(number)).toBeDefined();
      });

      test.each(['read', 'status', 'comment'] as const)(
        'a broken answer to a %s — can be tried again',
        async (on) => {
          const change = await openAndRead();
          world.fail({ on, how: 'broken' });
          const attempt = {
            read: () => read(change.number),
            status: () => setStatus(change, passed),
            comment: () => setComment(change, 'x'),
          };

          await expect(attempt[on]()).rejects.toBeInstanceOf(RetryableError);
          await attempt[on]();
        },
      );

      test('no answer in time — can be tried again', async () => {
        const number = await world.openChange();
        world.fail({ on: 'read', how: 'hang' });

        await expect(read(number)).rejects.toBeInstanceOf(RetryableError);
      });

      test('a token that is not valid — is for people to repair, and tells no token', async () => {
        const number = await world.openChange();
        world.revokeToken();

        const thrown: unknown = await read(number).catch((error: unknown) => error);
        expect(thrown).toBeInstanceOf(UserError);
        expect(thrown).toMatchObject({ remedy: expect.stringContaining('token') });
      });

      test('a role that may not write a status — is for people to repair', async () => {
        const change = await openAndRead();
        world.demote();

        await expect(setStatus(change, passed)).rejects.toMatchObject({ code: 'status-forbidden' });
      });

      test('a job that was aborted — asks nothing more, and throws its reason', async () => {
        const change = await openAndRead();
        const writes = world.writes();
        const signal = AbortSignal.abort(new AbortError('superseded'));

        const subject = {
          kind: 'change',
          host: world.host.id,
          repositoryId: world.repository.id,
          number: 1,
        } as const;
        await expect(world.host.changes.read(subject, signal)).rejects.toBeInstanceOf(AbortError);
        await expect(world.host.reporter.setStatus(change, passed, {}, signal)).rejects.toBeInstanceOf(
          AbortError,
        );
        expect(world.writes()).toBe(writes);
      });
    });
  });
}
