import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AbortError, RetryableError, UserError } from '../../src/errors.ts';
import type { Change } from '../../src/domain/change.ts';
import { askFresh } from '../../src/domain/run.ts';
import { subjectKey } from '../../src/domain/subject.ts';
import { gateChange } from '../../src/gate/gate-change.ts';
import { lookAgain } from '../../src/gate/look-again.ts';
import {
  createGateWorld,
  missingData,
  never,
  passing,
  subject,
  type GateWorld,
} from '../support/gate-world.ts';
import { sampleSha } from '../support/sample-run.ts';

describe('gateChange', () => {
  let world: GateWorld;
  let change: Change;
  beforeEach(() => {
    world = createGateWorld();
    change = world.change!;
  });

  const gate = (attempt = 1) => gateChange(subject, attempt, world.deps, never);
  const shown = () => world.statuses.get(world.change!.head);
  const record = () => world.store.subjects.get(subjectKey(subject));
  const run = () => world.store.runs.get(record()?.runId ?? '');

  test('nothing to check — success, no comment, nothing follows', async () => {
    expect(await gate()).toEqual([]);
    expect(shown()).toMatchObject({
      state: 'success',
      description: expect.stringContaining('nothing to check'),
    });
    expect(world.comment).toBeUndefined();
    expect(record()?.open).toEqual([]);
  });

  test('missing data — failure, a comment, and a look in 30 s', async () => {
    world.files = missingData;

    expect(await gate()).toMatchObject([{ kind: 'look-again', at: new Date('2026-05-04T10:00:30.000Z') }]);
    expect(shown()?.state).toBe('failure');
    expect(world.comment).toContain('data/missing-on-remote');
  });

  test('again — the same run, nothing judged anew', async () => {
    world.files = missingData;
    await gate();
    const before = run();
    const asked = world.remote.asked.length;

    await gate();
    expect(run()).toEqual(before);
    expect(world.remote.asked).toHaveLength(asked);
  });

  test('all records are gone — the same run once more', async () => {
    world.files = missingData;
    await gate();
    const before = record()?.runId;
    world.store.forget();

    await gate();
    expect(record()?.runId).toBe(before);
  });

  test.each([
    ['closed', (now: Change): Change => ({ ...now, state: 'closed' })],
    ['merged', (now: Change): Change => ({ ...now, state: 'merged' })],
    ['pushed to', (now: Change): Change => ({ ...now, head: sampleSha('d') })],
    ['retargeted', (now: Change): Change => ({ ...now, targetBranch: 'next' })],
  ])(
    '%s while it is judged, without a webhook — the verdict is not shown, and the change is read again',
    async (_name, edit) => {
      world.meanwhile = () => void (world.change = edit(change));

      expect(await gate()).toMatchObject([{ kind: 'gate-change', at: undefined }]);
      expect(world.statuses.get(change.head)?.state).toBe('running');
      world.meanwhile = () => undefined;
      await gate();

      const open = world.change?.state === 'open';
      const state = world.change?.head === change.head && open ? 'success' : 'cancelled';
      expect(world.statuses.get(change.head)?.state).toBe(state);
      expect(run()?.state).toBe(open ? 'judged' : 'cancelled');
    },
  );

  test('a newer head — the older run is superseded, and so is its status', async () => {
    world.meanwhile = () => void (world.change = { ...change, head: sampleSha('d') });
    await gate();
    const older = record()!.runId!;
    world.meanwhile = () => undefined;
    await gate();

    expect(world.store.runs.get(older)?.state).toBe('superseded');
    expect(world.statuses.get(change.head)).toMatchObject({
      state: 'cancelled',
      description: 'superseded by dddddddd',
    });
    expect(run()?.state).toBe('judged');
  });

  test('the status says running — its page is there already', async () => {
    let keptWhenShown: boolean | undefined;
    world.failing.set('status', () => {
      keptWhenShown ??= [...world.store.runs.values()].some(({ state }) => state === 'running');
      return undefined;
    });
    await gate();

    expect(keptWhenShown).toBe(true);
  });

  test('a newer evaluation began meanwhile — the older one writes nothing more', async () => {
    world.files = missingData;
    let reads = 0;
    world.failing.set('read', () => {
      reads += 1;
      if (reads === 2) void world.store.updateSubject(subject, (before) => ({ ...before, generation: 9 }));
      return undefined;
    });
    await gate();

    expect(shown()?.state).toBe('running');
    expect(world.comment).toBeUndefined();
    expect(world.lines.map(({ message }) => message)).toContain('not reported: a newer evaluation has begun');
  });

  test('the host is away — one line with why, and no stack', async () => {
    world.failing.set('read', () => new RetryableError('corp answered 502'));
    await gate();
    expect(world.lines).toMatchObject([
      { level: 'warn', fields: { reason: 'corp answered 502', attempt: 1 } },
    ]);
    expect(world.lines[0]?.fields).not.toHaveProperty('err');
  });

  test('an older head that the host knows no more — does not keep the newer one from being judged', async () => {
    world.meanwhile = () => void (world.change = { ...change, head: sampleSha('d') });
    await gate();
    world.meanwhile = () => undefined;
    const gone = new UserError('head-gone', 'the head is on no branch', 'nothing');
    world.failing.set('status', (head) => (head === change.head ? gone : undefined));
    await gate();

    expect(shown()?.state).toBe('success');
    expect(record()?.open).toEqual([]);
  });

  describe('an older head whose status cannot be ended now', () => {
    const ended = () => world.statuses.get(change.head);
    beforeEach(async () => {
      world.meanwhile = () => void (world.change = { ...change, head: sampleSha('d') });
      await gate();
      world.meanwhile = () => undefined;
      world.failing.set('status', (head) => (head === change.head ? passing()() : undefined));
      await gate();
    });

    test('the newer one is judged, and the older one stays open', () => {
      expect(shown()?.state).toBe('success');
      expect(record()?.open).toEqual([change.head]);
      expect(world.lines.map(({ message }) => message)).toContain(
        'the status of an older head could not be ended yet',
      );
    });

    test('the next time — it is ended, and nothing is remembered of it', async () => {
      world.failing.clear();
      await gate();
      expect(ended()).toMatchObject({ state: 'cancelled', description: 'superseded by dddddddd' });
      expect(record()?.open).toEqual([]);
      expect(Object.keys(record()?.memory ?? {})).toEqual([`status/${sampleSha('d')}`]);
    });

    test.each([
      ['closed', []],
      ['merged', [{ kind: 'gate-branch', ids: { host: 'corp', repositoryId: '12', tip: 'main' } }]],
    ] as const)('the change is %s — tried until it is ended', async (state, next) => {
      world.change = { ...world.change!, state };
      expect(await gate()).toMatchObject([...next, { kind: 'gate-change', ids: { attempt: 2 } }]);
      world.failing.clear();
      expect(await gate()).toMatchObject(next);
      expect(ended()).toMatchObject({ state: 'cancelled', description: `the change was ${state}` });
    });

    test('closed while our credentials do not count — ended when they do again', async () => {
      world.failing.set('status', () => new UserError('host-unauthorised', 'expired', 'renew it'));
      world.change = { ...world.change!, state: 'closed' };
      expect(await gate()).toMatchObject([{ kind: 'gate-change', ids: { attempt: 2 } }]);
      world.failing.clear();
      expect(await gate()).toEqual([]);
      expect(ended()).toMatchObject({ state: 'cancelled', description: 'the change was closed' });
    });
  });

  test('a head that was judged long ago — nothing is remembered of its status', async () => {
    await gate();
    expect(Object.keys(record()?.memory ?? {})).toEqual([`status/${change.head}`]);
    world.change = { ...change, head: sampleSha('d') };
    await gate();
    expect(Object.keys(record()?.memory ?? {})).toEqual([`status/${sampleSha('d')}`]);
  });

  test('somebody asks for a fresh evaluation while one begins — gets it afterwards', async () => {
    world.meanwhile = () => void world.store.updateSubject(subject, askFresh);
    await gate();
    const before = record()?.runId;
    world.meanwhile = () => undefined;
    await gate();
    expect(record()?.runId).not.toBe(before);
    expect(record()).toMatchObject({ fresh: 1, runFresh: 1 });
  });

  test('a change that the host does not show — a warning that says what it may mean', async () => {
    world.change = undefined;
    expect(await gate()).toEqual([]);
    expect(world.lines.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('token') });
  });

  test('the log — names the head once it is known', async () => {
    await gate();
    expect(world.lines.every(({ fields }) => fields['head'] === change.head)).toBe(true);
  });

  test('a host that takes no status — judged all the same, and the comment says why', async () => {
    const forbidden = new UserError(
      'status-forbidden',
      'no status for you',
      'Make it a Developer of the fork.',
    );
    world.failing.set('status', () => forbidden);

    expect(await gate()).toEqual([]);
    expect(run()?.state).toBe('judged');
    expect(world.comment).toMatch(/no status beside this change.*no status for you.*Developer of the fork/);
  });

  describe('trouble', () => {
    const waits = [5_000, 15_000, 300_000, 300_000];

    test('passing — tried again after 5 s, 15 s, then every five minutes', async () => {
      world.failing.set('read', passing());
      for (const [index, wait] of waits.entries()) {
        const due = new Date(world.clock.now().getTime() + wait);
        expect(await gate(index + 1)).toMatchObject([
          { kind: 'gate-change', ids: { attempt: index + 2 }, at: due },
        ]);
      }
    });

    test('after the third try — undecided, with the reason; every later failure says so again', async () => {
      world.failing.set('snapshot', passing('git is away'));
      await gate(1);
      await gate(2);
      expect(shown()).toBeUndefined();
      await gate(3);
      expect(shown()).toMatchObject({ state: 'failure', description: 'could not decide: git is away' });

      world.statuses.clear();
      world.failing.set('snapshot', passing('git is still away'));
      await gate(4);
      expect(shown()?.description).toBe('could not decide: git is still away');
      expect(world.lines.filter(({ level }) => level === 'error')).toEqual([]);
    });

    test('over — judged, and the trouble is forgotten', async () => {
      world.failing.set('snapshot', passing());
      await gate(3);
      world.failing.clear();
      await gate(4);

      expect(shown()?.state).toBe('success');
      expect(run()).toMatchObject({ state: 'judged', trouble: undefined, decision: { verdict: 'passed' } });
      const before = run();
      await gate();
      expect(run()).toEqual(before);
    });

    test('a verdict that cannot be shown — stays what it is, whatever the number of tries', async () => {
      world.files = missingData;
      world.failing.set('comment', passing());
      for (const attempt of [1, 2, 3, 4]) await gate(attempt);

      expect(run()?.decision?.verdict).toBe('failed');
      expect(shown()?.description).toContain('data/missing-on-remote');
      world.failing.clear();
      await gate(5);
      expect(world.comment).toContain('data/missing-on-remote');
    });

    test('after the judging began — that very run is undecided, and judged when it is over', async () => {
      let reads = 0;
      world.failing.set('read', () => ((reads += 1) === 2 ? passing()() : undefined));
      await gate(3);
      const undecided = run();
      expect(undecided).toMatchObject({ state: 'judged', trouble: 'the host is away', judgement: undefined });
      world.failing.clear();
      await gate(4);

      expect(run()).toMatchObject({ id: undecided?.id, state: 'judged', trouble: undefined });
      expect(run()?.decision?.verdict).toBe('passed');
    });

    test('while «could not decide» is written down — it is said the next time', async () => {
      world.failing.set('snapshot', passing('git is away'));
      const updateSubject = (): Promise<never> => Promise.reject(passing('redis is away')());
      await gateChange(subject, 3, { ...world.deps, store: { ...world.store, updateSubject } }, never);
      expect(shown()).toBeUndefined();
      await gate(4);
      expect(shown()?.description).toBe('could not decide: git is away');
    });

    test('a head that went away meanwhile — tried again, nothing said about permissions', async () => {
      world.failing.set('status', () => new UserError('head-gone', 'gone', 'nothing'));
      expect(await gate()).toMatchObject([{ kind: 'gate-change', ids: { attempt: 2 } }]);
      expect(world.comment).toBeUndefined();
    });

    test('a defect of ours — tried three times, then undecided; the stack is in the log alone', async () => {
      const defect = new TypeError("x is not a function in '/srv/modelgate/src/x.ts'\n    at y");
      world.failing.set('snapshot', () => defect);
      expect(await gate(1)).toMatchObject([{ kind: 'gate-change', ids: { attempt: 2 } }]);
      expect(shown()).toBeUndefined();
      expect(await gate(3)).toMatchObject([{ kind: 'gate-change', ids: { attempt: 4 } }]);

      expect(shown()?.description).toBe(
        "could not decide: a defect of modelgate: x is not a function in '…'",
      );
      expect(JSON.stringify(run())).not.toMatch(/srv|at y/);
      expect(world.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['err'])).toEqual(
        [defect, defect],
      );
    });

    test('a defect after the judging began — the status does not stay running', async () => {
      let reads = 0;
      world.failing.set('read', () => ((reads += 1) === 2 ? new TypeError('x is undefined') : undefined));
      await gate(3);
      expect(shown()?.description).toBe('could not decide: a defect of modelgate: x is undefined');
      expect(record()?.open).toEqual([]);
    });

    test('longer than an evaluation may take, before a check began — tried again', async () => {
      world.failing.set('snapshot', () => new AbortError('deadline'));
      await gate(3);
      expect(shown()?.description).toBe('could not decide: the evaluation took longer than it may');
    });

    test('while the data check reads files — tried three times, not undecided at once', async () => {
      world.files = missingData;
      world.failing.set('blobs', passing('the git host is away'));
      expect(await gate(1)).toMatchObject([{ kind: 'gate-change', ids: { attempt: 2 } }]);
      expect(shown()?.state).toBe('running');
      await gate(3);
      expect(shown()?.description).toBe('could not decide: the git host is away');
    });

    test('a defect in a check — undecided at once; the stack is in the log alone', async () => {
      const defect = new TypeError('x is not a function');
      world.files = missingData;
      world.failing.set('blobs', () => defect);
      expect(await gate(1)).toEqual([]);
      expect(shown()?.description).toContain('could not decide: a defect of modelgate: x is not a function');
      const errors = world.lines.filter(({ level }) => level === 'error');
      expect(errors[0]?.fields).toMatchObject({ where: 'check data', err: defect });
    });

    test('a job that is to end — ends, whatever was thrown', async () => {
      const job = new AbortController();
      world.failing.set('snapshot', () => {
        job.abort(new AbortError('shutdown'));
        return new TypeError('torn');
      });
      await expect(gateChange(subject, 1, world.deps, job.signal)).rejects.toMatchObject({
        reason: 'shutdown',
      });
    });
  });

  describe('looks', () => {
    const look = () => lookAgain(subject, world.deps, never);
    beforeEach(async () => {
      world.files = missingData;
      await gate();
    });

    test('nothing new — the next look', async () => {
      await world.clock.advance(30_000);
      expect(await look()).toMatchObject([{ kind: 'look-again', at: new Date('2026-05-04T10:01:30.000Z') }]);
      expect(shown()?.description).toContain('asks the remote again');
      expect(run()?.timeline.at(-1)?.text).toBe('looked again: nothing new about 1 object');
    });

    test('an object came — judged afresh, with another run', async () => {
      const before = record()?.runId;
      world.remote.objects.set('files/md5/01/23456789abcdef0123456789abcdef', Buffer.from('a,b\n'));

      expect(await look()).toMatchObject([{ kind: 'gate-change', at: undefined }]);
      await gate();
      expect(shown()?.state).toBe('success');
      expect(record()?.runId).not.toBe(before);
    });

    test('after a day — the last one', async () => {
      await world.clock.advance(86_400_000);
      expect(await look()).toEqual([]);
      expect(run()?.looks?.next).toBeUndefined();
    });

    test('a newer head — judged instead', async () => {
      world.change = { ...change, head: sampleSha('d') };
      expect(await look()).toMatchObject([{ kind: 'gate-change' }]);
    });

    test('closed and opened again — the looks go on', async () => {
      world.change = { ...change, state: 'closed' };
      expect(await gate()).toEqual([]);
      expect(await look()).toMatchObject([{ kind: 'gate-change' }]);
      world.change = change;
      expect(await gate()).toMatchObject([{ kind: 'look-again' }]);
    });
  });

  describe('a check that took longer than it may', () => {
    let slow: boolean;
    const look = () => lookAgain(subject, world.deps, never);
    beforeEach(() => {
      slow = true;
      world.files = missingData;
      Object.assign(world, {
        deps: { ...world.deps, limits: { ...world.deps.limits, evaluationMs: 1000 } },
      });
      world.failing.set('blobs', () => {
        if (slow) void world.clock.advance(1000);
        return undefined;
      });
    });

    /** Looks when it is time to, and does what it asks for. */
    async function lookWhenDue() {
      await world.clock.advance(Date.parse(run()!.looks!.next!) - world.clock.now().getTime());
      expect(await look()).toMatchObject([{ kind: 'gate-change', at: undefined }]);
      return gate();
    }

    test('undecided — judged again at the times of looks, under the same id, never shown as running again', async () => {
      expect(await gate()).toMatchObject([{ kind: 'look-again', at: new Date('2026-05-04T10:00:32.000Z') }]);
      expect(shown()?.description).toBe(
        'could not decide: the evaluation took longer than it may; is judged again by itself',
      );
      const { id } = run()!;
      const waits: number[] = [];
      const running = vi.spyOn(world.statuses, 'set');
      for (const count of [1, 2, 3]) {
        const [followUp] = await lookWhenDue();
        waits.push(followUp!.at!.getTime() - world.clock.now().getTime());
        expect(run()).toMatchObject({ id, state: 'judged', looks: { count } });
      }
      expect(waits).toEqual([60_000, 3_600_000, 3_600_000]);
      expect(running.mock.calls.map(([, { state }]) => state)).not.toContain('running');
      expect(shown()?.description).toMatch(/is judged again at \d\d:\d\d UTC$/);
    });

    test('there is time — decided', async () => {
      await gate();
      slow = false;
      expect(await lookWhenDue()).toMatchObject([{ kind: 'look-again' }]);
      expect(run()?.decision?.verdict).toBe('failed');
      expect(shown()?.description).toContain('data/missing-on-remote');
    });

    test('not due — the verdict is shown again, not judged again', async () => {
      await gate();
      const before = run();
      expect(await gate()).toEqual([
        { kind: 'look-again', ids: expect.anything(), at: new Date(before!.looks!.next!) },
      ]);
      expect(run()).toEqual(before);
    });

    test('a day long — the last one; a retest begins anew', async () => {
      await gate();
      for (let looks = 0; looks < 40 && run()?.looks?.next !== undefined; looks += 1) await lookWhenDue();
      expect(run()?.looks).toMatchObject({ count: 25, next: undefined });
      expect(await look()).toEqual([]);
      expect(await gate()).toEqual([]);

      await world.store.updateSubject(subject, askFresh);
      expect(await gate()).toMatchObject([{ kind: 'look-again' }]);
      expect(run()?.looks?.count).toBe(0);
    });

    test('the target moved meanwhile — another run, whose looks go on where they were', async () => {
      await gate();
      await lookWhenDue();
      const { id } = run()!;
      world.tip = sampleSha('9');
      await lookWhenDue();
      expect(run()?.id).not.toBe(id);
      expect(run()?.looks?.count).toBe(2);
    });

    test('trouble while it is judged again — the verdict stands, and the tries go on', async () => {
      await gate();
      const before = shown();
      world.failing.set('snapshot', passing('git is away'));
      await world.clock.advance(60_000);
      for (const attempt of [1, 2, 3]) expect(await gate(attempt)).toMatchObject([{ kind: 'gate-change' }]);
      expect(shown()).toEqual(before);
    });
  });

  test('a remote that refused and answers now, without the data — judged afresh: missing', async () => {
    world.files = missingData;
    world.remote.trouble = { kind: 'unknown', cause: 'forbidden', message: '403' };
    await gate();
    expect(shown()?.description).toMatch(/^could not decide/);
    expect(await lookAgain(subject, world.deps, never)).toMatchObject([{ kind: 'look-again' }]);

    world.remote.trouble = undefined;
    expect(await lookAgain(subject, world.deps, never)).toMatchObject([{ kind: 'gate-change' }]);
    await gate();
    expect(shown()?.description).toContain('data/missing-on-remote');
    expect(await lookAgain(subject, world.deps, never)).toMatchObject([{ kind: 'look-again' }]);
  });
});
