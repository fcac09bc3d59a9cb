import { beforeEach, describe, expect, test } from 'vitest';
import { gateChange } from '../../src/gate/gate-change.ts';
import { sweep } from '../../src/jobs/sweep.ts';
import {
  createGateWorld,
  missingData,
  never,
  passing,
  subject,
  type GateWorld,
} from '../support/gate-world.ts';
import { sampleSha } from '../support/sample-run.ts';

describe('sweep', () => {
  let world: GateWorld;
  beforeEach(() => void (world = createGateWorld()));

  const kinds = async () => (await sweep(world.deps, never)).map(({ kind, ids }) => [kind, ids['number']]);
  const gate = () => gateChange(subject, 1, world.deps, never);

  test('a change that nobody told of — is judged', async () =>
    expect(await kinds()).toEqual([['gate-change', 7]]));

  test('a change that is judged — is left alone', async () => {
    await gate();
    expect(await kinds()).toEqual([]);
  });

  test('a closed change — is left alone', async () => {
    world.change = { ...world.change!, state: 'closed' };
    expect(await kinds()).toEqual([]);
  });

  test('a newer head — is judged', async () => {
    await gate();
    world.change = { ...world.change!, head: sampleSha('d') };
    expect(await kinds()).toEqual([['gate-change', 7]]);
  });

  test('an evaluation that never ended — is begun again', async () => {
    world.failing.set('comment', () => new Error('killed'));
    world.files = missingData;
    world.meanwhile = () => Promise.reject(new Error('killed'));
    await gate().catch(() => undefined);
    expect(await kinds()).toEqual([['gate-change', 7]]);
  });

  test('a change that could not be decided — is left to its own next try, unless that is lost', async () => {
    world.failing.set('snapshot', passing());
    await gateChange(subject, 3, world.deps, never);
    expect(await kinds()).toEqual([]);
    await world.clock.advance(300_000);
    expect(await kinds()).toEqual([]);
    await world.clock.advance(300_000);
    expect(await sweep(world.deps, never)).toMatchObject([
      { kind: 'gate-change', ids: { number: 7, attempt: 3 } },
    ]);
  });

  test('another target than was judged — is judged', async () => {
    await gate();
    world.change = { ...world.change!, targetBranch: 'next' };
    expect(await kinds()).toEqual([['gate-change', 7]]);
  });

  test('a host that lists no targets — the judged one is taken as right', async () => {
    await gate();
    world.listed = ({ number = 0, head }) => [{ number, head }];
    expect(await kinds()).toEqual([]);
  });

  test('a repository in trouble — does not keep the others from being swept', async () => {
    const [host] = world.deps.hosts.values();
    const [repository] = await host!.changes.repositories(never);
    const changes = {
      ...host!.changes,
      repositories: async () => [{ ...repository!, id: '11', path: 'ml/away' }, repository!],
      listOpen: (id: string, limit: number) =>
        id === '11' ? Promise.reject(passing()()) : host!.changes.listOpen(id, limit, never),
    };
    const deps = { ...world.deps, hosts: new Map([['corp', { ...host!, changes }]]) };

    expect(await sweep(deps, never)).toHaveLength(1);
    expect(world.lines).toMatchObject([
      { message: 'the repository could not be swept', fields: { repository: 'ml/away' } },
      { message: 'swept, but not everything could be read', fields: { hosts: ['corp'] } },
    ]);
  });

  test('a host that allows only so many requests — is asked about so many repositories', async () => {
    const [host] = world.deps.hosts.values();
    const [repository] = await host!.changes.repositories(never);
    const asked: string[] = [];
    const changes = {
      ...host!.changes,
      repositories: async () => Array.from({ length: 30 }, (_, id) => ({ ...repository!, id: String(id) })),
      listOpen: async (id: string) => (asked.push(id), []),
    };
    const hosts = new Map([['corp', { ...host!, sweptAtOnce: 8, changes }]]);

    await sweep({ ...world.deps, hosts }, never);

    expect(asked).toHaveLength(8);
  });

  test('more open changes than a sweep looks at — says so', async () => {
    world.listed = ({ head }) => Array.from({ length: 200 }, (_, number) => ({ number, head }));
    expect(await kinds()).toHaveLength(200);
    expect(world.lines[0]).toMatchObject({ level: 'warn', fields: { limit: 200 } });
  });

  test('a look whose time has passed — is done; one that is not due — is not', async () => {
    world.files = missingData;
    await gate();
    await world.clock.advance(20_000);
    expect(await kinds()).toEqual([]);
    await world.clock.advance(20_000);
    expect(await kinds()).toEqual([['look-again', 7]]);
  });

  test('a host in trouble — does not keep the others from being swept', async () => {
    const [host] = world.deps.hosts.values();
    const away = {
      ...host!,
      id: 'away',
      changes: { ...host!.changes, repositories: () => Promise.reject(passing()()) },
    };
    const deps = {
      ...world.deps,
      hosts: new Map([
        ['away', away],
        ['corp', host!],
      ]),
    };

    expect(await sweep(deps, never)).toHaveLength(1);
    expect(world.lines.map(({ message }) => message)).toContain('the host could not be swept');
  });

  test('an aborted job — ends with the reason', async () => {
    const [host] = world.deps.hosts.values();
    const job = new AbortController();
    const changes = {
      ...host!.changes,
      repositories: () => (job.abort(new Error('shutdown')), Promise.reject(new Error('x'))),
    };
    const deps = { ...world.deps, hosts: new Map([['corp', { ...host!, changes }]]) };
    await expect(sweep(deps, job.signal)).rejects.toThrow('shutdown');
  });
});
