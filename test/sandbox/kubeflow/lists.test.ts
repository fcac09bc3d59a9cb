import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKubeflow, type Got, type KubeflowWorld } from './world.ts';

describe('lists', () => {
  let world: KubeflowWorld;

  beforeAll(async () => {
    world = await startKubeflow();
    for (let index = 0; index < 205; index += 1) {
      world.kubeflow.addExperiment(`e${String(index).padStart(3, '0')}`);
      if (index % 2 === 1) await world.clock.advance(1000);
    }
  });
  afterAll(() => world.close());

  function list(query: Readonly<Record<string, string>>): Promise<Got> {
    return world.api('GET', `/experiments?${new URLSearchParams(query).toString()}`);
  }
  const names = (got: Got): readonly string[] =>
    (got.body.experiments ?? []).map((entry: { display_name: string }) => entry.display_name);
  const where = (...predicates: readonly object[]): { filter: string } => ({
    filter: JSON.stringify({ predicates }),
  });

  const sizes: readonly [string, number][] = [
    ['', 20],
    ['0', 20],
    ['7', 7],
    ['500', 200],
  ];
  test.each(sizes)('page size "%s" — gives %i', async (size, expected) => {
    const got = await list({ page_size: size });

    expect(names(got)).toHaveLength(expected);
    expect(got.body.total_size).toBe(205);
  });

  test('pages — followed to the end — give every entry once, in order', async () => {
    const found: string[] = [];
    let token = '';
    do {
      const got = await list({
        page_size: '50',
        sort_by: token === '' ? 'display_name desc' : '',
        page_token: token,
      });
      found.push(...names(got));
      token = got.body.next_page_token ?? '';
    } while (token !== '');

    expect(found).toHaveLength(205);
    expect(found).toEqual([...found].sort().reverse());
  });

  test('a token — with another order or filter — is refused', async () => {
    const token = (await list({ sort_by: 'display_name' })).body.next_page_token;

    expect((await list({ page_token: token, sort_by: 'display_name' })).status).toBe(200);
    for (const query of [
      { sort_by: 'created_at' },
      where({ operation: 'EQUALS', key: 'name', string_value: 'a' }),
    ]) {
      const got = await list({ page_token: token, ...query });
      expect(got.status).toBe(400);
      expect(got.body.details[0].message).toMatch(/^page token does not match the supplied sort by/);
    }
  });

  const filters: readonly [string, readonly object[], readonly string[]][] = [
    ['equal', [{ operation: 'EQUALS', key: 'display_name', string_value: 'e007' }], ['e007']],
    ['nothing', [{ operation: 'EQUALS', key: 'display_name', string_value: 'x' }], []],
    [
      'one of',
      [{ operation: 'IN', key: 'name', string_values: { values: ['e001', 'e002'] } }],
      ['e001', 'e002'],
    ],
    [
      'part of',
      [{ operation: 'IS_SUBSTRING', key: 'name', string_value: '00' }],
      ['e000', 'e001', 'e002', 'e003', 'e004', 'e005', 'e006', 'e007', 'e008', 'e009', 'e100', 'e200'],
    ],
    [
      'a time',
      [{ operation: 'LESS_THAN', key: 'created_at', timestamp_value: '2026-05-04T10:00:01Z' }],
      ['e000', 'e001'],
    ],
    [
      'all of several',
      [
        { operation: 'IS_SUBSTRING', key: 'name', string_value: '00' },
        { operation: 'NOT_EQUALS', key: 'name', string_value: 'e000' },
        { operation: 'GREATER_THAN_EQUALS', key: 'name', string_value: 'e009' },
      ],
      ['e009', 'e100', 'e200'],
    ],
    ['a blank where a plus was', [{ operation: 'EQUALS', key: 'name', string_value: 'e+1' }], []],
  ];
  test.each(filters)('filter: %s', async (_name, predicates, expected) => {
    expect(names(await list({ ...where(...predicates), sort_by: 'name' }))).toEqual(expected);
  });

  const refused: readonly [string, Readonly<Record<string, string>>, RegExp][] = [
    ['an unknown sort field', { sort_by: 'colour' }, /Invalid sorting field: "colour"/],
    ['an unknown direction', { sort_by: 'name up' }, /invalid sort by format "name up"/],
    ['a negative size', { page_size: '-1' }, /greater than 0/],
    ['a size that is no number', { page_size: 'many' }, /page_size/],
    ['a token of another server', { page_token: 'eA==' }, /Invalid page token/],
    ['a filter that is no JSON', { filter: 'name=x' }, /failed to parse valid filter/],
    [
      'a lone percent sign',
      where({ operation: 'EQUALS', key: 'name', string_value: '100%' }),
      /failed to parse valid filter/,
    ],
    ['an unknown field of the filter', { filter: '{"predicate":[]}' }, /unknown field "predicate"/],
    ['an unknown field of a predicate', where({ op: 'EQUALS' }), /unknown field "op"/],
    [
      'an unknown key',
      where({ operation: 'EQUALS', key: 'colour', string_value: 'x' }),
      /unrecognized field "colour"/,
    ],
    [
      'an unknown operation',
      where({ operation: 'LIKE', key: 'name', string_value: 'x' }),
      /invalid predicate operation/,
    ],
    [
      'several values without IN',
      where({ operation: 'EQUALS', key: 'name', string_values: { values: [] } }),
      /scalar operator EQUALS/,
    ],
  ];
  test.each(refused)('%s — is refused', async (_name, query, expected) => {
    const { status, body } = await list(query);

    expect(status).toBe(400);
    expect(body.code).toBe(3);
    expect(body.details[0].message).toMatch(expected);
  });
});

describe('experiments', () => {
  test('an experiment — created, read, created again — is one; the second is 409', async () => {
    const world = await startKubeflow();

    const created = await world.api('POST', '/experiments', { display_name: 'cars' });
    const again = await world.api('POST', '/experiments', { displayName: 'cars' });

    expect(created.body).toEqual({
      experiment_id: expect.any(String),
      display_name: 'cars',
      created_at: '2026-05-04T10:00:00Z',
      storage_state: 'AVAILABLE',
      last_run_created_at: '1970-01-01T00:00:00Z',
    });
    expect((await world.api('GET', `/experiments/${created.body.experiment_id}`)).body).toEqual(created.body);
    expect(again).toMatchObject({
      status: 409,
      body: { code: 6, details: [{ message: expect.stringContaining('The name cars already exists') }] },
    });
    expect(await world.api('GET', '/experiments/none')).toMatchObject({ status: 404, body: { code: 5 } });
    await world.close();
  });

  test('namespaces — with profiles — keep names apart and must be given', async () => {
    const world = await startKubeflow({ multiUser: true });

    const one = await world.api('POST', '/experiments', { display_name: 'cars', namespace: 'ml' });
    const other = await world.api('POST', '/experiments', { display_name: 'cars', namespace: 'ops' });

    expect([one.status, other.status]).toEqual([200, 200]);
    expect((await world.api('POST', '/experiments', { display_name: 'cars' })).status).toBe(400);
    expect((await world.api('GET', '/experiments')).status).toBe(400);
    expect((await world.api('GET', '/experiments?namespace=ml')).body.experiments).toEqual([one.body]);
    await world.close();
  });
});
