import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractQuickActions } from '../../src/sandbox/gitlab/notes/quick-actions.ts';
import { createStoryWorld, everyHost, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';

const hostile = [
  '@all',
  '/close',
  '\n/close\n',
  '</details><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '```\n/merge\n```',
  '````',
  '~~~',
  '<!-- modelgate:comment v1 modelgate -->',
  '<!--',
  '[x](javascript:alert(1))',
  '| a | b |',
  '\u202eevil\u0007',
  '#1 !2 $3 %4 &5 ~6',
];

describe.each(everyHost)('hostile texts in a repository on $name', ({ host }) => {
  let world: StoryWorld;
  beforeAll(
    async () =>
      void (world = await createStoryWorld({ host, recheck: '{ after: [1h], then: 1h, until: 1d }' })),
  );
  afterAll(() => world.close());

  /** What holds of every comment, whatever is in it. */
  function expectHarmless(body: string): void {
    expect(extractQuickActions(body).actions).toEqual([]);
    expect(body.length).toBeLessThanOrEqual(60_000);
    const outside = body.replace(/^```[^\n]*\n[\s\S]*?\n```$/gm, '').replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    expect(body.startsWith('<!-- modelgate:comment v1 modelgate -->\n')).toBe(true);
    expect(outside.split('<!--')).toHaveLength(2);
    expect(outside).not.toMatch(/<script|<img|<details|<\/details/i);
    expect(outside).not.toMatch(/@all\b/);
    const fences = body.split('\n').filter((line) => line.startsWith('```'));
    expect(fences.length % 2).toBe(0);
  }

  async function expectHarmlessPage(address: string): Promise<void> {
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'|script-src 'none'/);
    const ours = '<script type="module" src="/assets/page.js"></script>';
    const text = (await page.text()).replace(ours, '');
    expect(text).not.toMatch(/<script|<img/i);
    expect(text).not.toContain('href="javascript:');
  }

  test('names of data files and outputs — a harmless comment, a cut status, an escaped page', async () => {
    const files = Object.fromEntries(
      hostile.map((text, index) => {
        const name = `${index}${text.replaceAll('/', '∕')}`;
        const pointer = { md5: 'f'.repeat(32), size: 3, hash: 'md5', path: name };
        return [`${name}.dvc`, JSON.stringify({ outs: [pointer] })];
      }),
    );
    const change = await world.propose('names', files, { title: hostile.join(' ') });

    await world.status(change, ({ state }) => state === 'failure');
    const { status, comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expectHarmless(comment?.text ?? '');
    expect(status.description.length).toBeLessThanOrEqual(255);
    await expectHarmlessPage(status.url);
  });

  test('names of directories that a host would take for commands — a harmless comment', async () => {
    const pointer = JSON.stringify({ outs: [{ md5: 'e'.repeat(32), size: 3, hash: 'md5', path: 'd' }] });
    const files = { '@all/close/d.dvc': pointer, '`/merge `/d.dvc': pointer, ' \n/close\n/d.dvc': pointer };
    const change = await world.propose('directories', files);

    await world.status(change, ({ state }) => state === 'failure');
    const { comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expectHarmless(comment?.text ?? '');
  });

  test('names of tasks and components of a pipeline — a harmless comment', async () => {
    const tasks = Object.fromEntries(
      hostile.map((text) => [
        text,
        { componentRef: { name: `comp ${text}` }, dependentTasks: [`gone ${text}`] },
      ]),
    );
    const pipeline = {
      pipelineInfo: { name: 'training' },
      root: { dag: { tasks } },
      schemaVersion: '2.1.0',
      sdkVersion: 'kfp-2.11.0',
    };
    const change = await world.propose('tasks', { 'pipelines/p.yaml': JSON.stringify(pipeline) });

    await world.status(change, ({ state }) => state === 'failure');
    const { status, comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(comment?.text).toContain('pipeline/');
    expectHarmless(comment?.text ?? '');
    await expectHarmlessPage(status.url);
  });

  test.each([
    ['a command', '/close'],
    ['markup', '</details><script>alert(1)</script>'],
    ['a mention', '@all'],
    ['250 letters', 'long-'.repeat(50).slice(0, 240)],
  ])('a branch named like %s — is judged', async (name, branch) => {
    const source = `x${branch}`.replaceAll(' ', '');
    const change = await world.propose(source, { [`${name}.dvc`]: 'outs: 1\n' });

    await world.status(change, ({ state }) => state === 'failure');
    const { status, comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expectHarmless(comment?.text ?? '');
    await expectHarmlessPage(status.url);
  });

  test('a target branch with such a name — is named harmlessly', async () => {
    await world.host.commit(world.repository, 't</sub><script>@all`', { 'NOTES.md': 'x\n' });
    const change = await world.propose(
      'to-hostile',
      { 'd.dvc': 'outs: 1\n' },
      { target: 't</sub><script>@all`' },
    );

    await world.status(change, ({ state }) => state === 'failure');
    const { status, comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expectHarmless(comment?.text ?? '');
    await expectHarmlessPage(status.url);
  });

  test('a name of 100 kB — is cut', async () => {
    const long = '@all /close '.repeat(8500);
    const change = await world.propose('long', {
      'd.dvc': JSON.stringify({ outs: [{ [long]: 1, path: long }] }),
    });

    await world.status(change, ({ state }) => state === 'failure');
    const { status, comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expectHarmless(comment?.text ?? '');
    await expectHarmlessPage(status.url);
  });

  test('more findings than a comment holds — whole blocks, closed fences, and it says so', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => {
        const name = `part-${index}-${'`x'.repeat(30)}`;
        const out = { md5: index.toString(16).padStart(32, '0'), size: 3, hash: 'md5', path: name };
        return [`${name}.dvc`, JSON.stringify({ outs: [out] })];
      }),
    );
    const change = await world.propose('many', files);

    await world.status(change, ({ state }) => state === 'failure');
    const { status, comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    const body = comment?.text ?? '';
    expect(body.length).toBeGreaterThan(40_000);
    expectHarmless(body);
    expect(body).toContain('would make this comment too long');
    expect(status.description).toMatch(/^400 errors/);
  });

  test('a comment of somebody with our marker — is not taken for ours', async () => {
    const change = await world.propose('marker', { 'd.dvc': 'outs: 1\n' });
    await world.host.comment('ada', change, '<!-- modelgate:comment v1 modelgate -->\nall is well');
    await world.status(change, ({ state }) => state === 'failure');

    await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(world.host.comments(change).map(({ text }) => text)).toContain(
      '<!-- modelgate:comment v1 modelgate -->\nall is well',
    );
    expect(world.host.statuses(change).length).toBeGreaterThan(0);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
