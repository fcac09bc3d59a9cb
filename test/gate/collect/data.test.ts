import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { listingText } from '../../../src/formats/dvc/dir-listing.ts';
import { judgeData, md5 } from '../../support/collect-data.ts';
import { createMemoryRemote, type MemoryRemote } from '../../support/memory-store.ts';

const url = 's3://team-data/dvc';
const config = `[core]\n    remote = prod\n['remote "prod"']\n    url = ${url}\n`;

function key(hash: string): string {
  return `files/md5/${hash.slice(0, 2)}/${hash.slice(2)}`;
}

function pointer(content: string, path: string, more = ''): string {
  return `outs:\n- md5: ${md5(content)}\n  size: ${content.length}\n  hash: md5\n  path: ${path}\n${more}`;
}

function listing(files: Readonly<Record<string, string>>): string {
  return listingText(Object.entries(files).map(([relpath, content]) => ({ relpath, md5: md5(content) })));
}

function directory(files: Readonly<Record<string, string>>, path: string): string {
  return `outs:\n- md5: ${md5(listing(files))}.dir\n  nfiles: ${Object.keys(files).length}\n  hash: md5\n  path: ${path}\n`;
}

function remoteOf(...contents: readonly string[]): MemoryRemote {
  return createMemoryRemote(Object.fromEntries(contents.map((content) => [key(md5(content)), content])));
}

function addDirectory(remote: MemoryRemote, files: Readonly<Record<string, string>>): void {
  remote.objects.set(`${key(md5(listing(files)))}.dir`, Buffer.from(listing(files)));
  for (const content of Object.values(files)) remote.objects.set(key(md5(content)), Buffer.from(content));
}

/** A stage of dvc.lock; the content of an output is its path. */
function lockStage(name: string, ...paths: readonly string[]): string {
  const outs = paths.map((path) => `    - {path: ${path}, hash: md5, md5: ${md5(path)}}\n`);
  return `  ${name}:\n    cmd: x\n    outs:\n${outs.join('')}`;
}

function dependency(more: string): string {
  return `deps:\n- {path: x, ${more}}\n`;
}

function cloud(version: string): string {
  return `  cloud:\n    prod: {version_id: ${version}}\n`;
}

describe('what is asked', () => {
  test('a change that touches no DVC file — nothing is read and nothing is counted', async () => {
    const files = { '.dvc/config': config, 'a.dvc': pointer('a', 'a') };
    const outcome = await judgeData({ base: files, files: { ...files, 'README.md': 'x' }, remotes: {} });

    expect(outcome).toMatchObject({ reads: 0, findings: [], unknowns: [], differences: [] });
    expect(outcome.counts).toEqual({
      metafiles: 0,
      outputs: 0,
      outputsProven: 0,
      objects: 0,
      objectsProven: 0,
    });
  });

  test('scope changed — only outputs that the target has not alike — are asked for, in one batch of reads', async () => {
    const prod = remoteOf('new');
    const base = { '.dvc/config': config, 'old.dvc': pointer('old', 'old') };
    const outcome = await judgeData({
      base,
      files: { ...base, 'new.dvc': pointer('new', 'new') },
      remotes: { [url]: prod },
    });

    expect(prod.asked).toEqual([`stat ${key(md5('new'))}`]);
    expect(outcome).toMatchObject({
      reads: 1,
      findings: [],
      counts: { metafiles: 1, outputs: 1, outputsProven: 1, objects: 1, objectsProven: 1 },
    });
    expect(outcome.differences).toEqual([
      {
        kind: 'data',
        path: 'new',
        change: 'added',
        before: undefined,
        after: { hash: md5('new'), size: 3, files: undefined },
      },
    ]);
  });

  test('scope all — every output — is asked for', async () => {
    const prod = remoteOf('new');
    const base = { '.dvc/config': config, 'old.dvc': pointer('old', 'old') };
    const outcome = await judgeData({ base, files: base, remotes: { [url]: prod }, scope: 'all' });

    expect(outcome.findings.map(({ rule, file }) => [rule, file])).toEqual([
      ['data/missing-on-remote', 'old.dvc'],
    ]);
  });

  test('a remote that moved — all outputs of its project — are asked for in the new place', async () => {
    const moved = remoteOf('a');
    const base = { '.dvc/config': config, 'a.dvc': pointer('a', 'a'), 'b.dvc': pointer('b', 'b') };
    const files = { ...base, '.dvc/config': config.replace(url, 's3://elsewhere') };
    const outcome = await judgeData({
      base,
      files,
      remotes: { 's3://elsewhere': moved, [url]: remoteOf('a', 'b') },
    });

    expect(outcome.findings.map(({ rule, file }) => [rule, file])).toEqual([
      ['data/remote-changed', '.dvc/config'],
      ['data/missing-on-remote', 'b.dvc'],
    ]);
  });

  test('a project whose .dvc/ is removed — its metafiles — are told to be outside of any', async () => {
    const base = { '.dvc/config': config, 'a.dvc': pointer('a', 'a') };
    const outcome = await judgeData({ base, files: { 'a.dvc': pointer('a', 'a') } });

    expect(outcome.findings.map(({ rule }) => rule)).toEqual(['data/outside-project']);
  });

  test('two outputs of one content — one object — is asked for once', async () => {
    const prod = remoteOf('x');
    const files = { '.dvc/config': config, 'a.dvc': pointer('x', 'a'), 'b.dvc': pointer('x', 'b') };
    const outcome = await judgeData({ files, remotes: { [url]: prod } });

    expect(prod.asked).toHaveLength(1);
    expect(outcome.counts).toMatchObject({ metafiles: 2, outputs: 2, objects: 1 });
  });

  test('dvc.lock — outputs are kept as dvc.yaml says, stages that are gone are left out', async () => {
    const prod = remoteOf();
    const files = {
      '.dvc/config': config,
      'dvc.yaml':
        'stages:\n  train:\n    cmd: x\n    outs: [kept, {local: {push: false}}, {git: {cache: false}}, "${m}.json": {cache: false}]\n',
      'dvc.lock': `schema: '2.0'\nstages:\n${lockStage('train', 'kept', 'local', 'git', 'n.json', 'no-more')}${lockStage('gone', 'other')}`,
    };
    files['dvc.yaml'] = files['dvc.yaml'].replace(
      '"${m}.json": {cache: false}',
      '{"${m}.json": {cache: false}}',
    );
    const outcome = await judgeData({ files, remotes: { [url]: prod } });

    expect(outcome.findings.map(({ message }) => message)).toEqual([expect.stringContaining('`kept`')]);
    expect(outcome.counts['outputs']).toBe(1);
  });

  test('imports, push: false, cache: false — nothing is asked', async () => {
    const prod = remoteOf();
    const files = {
      '.dvc/config': config,
      'a.dvc': dependency('repo: {url: u, rev_lock: r}') + pointer('a', 'a'),
      'b.dvc': dependency('version_id: v') + pointer('b', 'b'),
      'c.dvc': `${dependency('etag: e')}outs:\n- {path: c, hash: md5}\n`,
      'd.dvc': pointer('d', 'd', '  push: false\n'),
      'e.dvc': pointer('e', 'e', '  cache: false\n'),
    };
    const outcome = await judgeData({ files, remotes: { [url]: prod } });

    expect(outcome.findings).toEqual([]);
    expect(prod.asked).toEqual([]);
  });

  test('two DVC projects in one repository — each has its own remotes', async () => {
    const other = remoteOf('b');
    const files = {
      'one/.dvc/config': config,
      'one/a.dvc': pointer('a', 'a'),
      'two/.dvc/config': config.replace(url, 's3://other'),
      'two/b.dvc': pointer('b', 'b'),
    };
    const outcome = await judgeData({ files, remotes: { [url]: remoteOf(), 's3://other': other } });

    expect(outcome.findings.map(({ file, repair }) => [file, repair])).toEqual([
      ['one/a.dvc', 'cd one && dvc push a.dvc'],
    ]);
  });
});

describe('what is counted as proven', () => {
  const nothing = { outputsProven: 0, objectsProven: 0 };
  test.each<[name: string, given: { text: string; remote?: MemoryRemote }, counts: object]>([
    [
      'a file that is there',
      { text: pointer('x', 'a'), remote: remoteOf('x') },
      { outputsProven: 1, objectsProven: 1 },
    ],
    ['a file that is missing', { text: pointer('x', 'a'), remote: remoteOf() }, { ...nothing, objects: 1 }],
    ['a remote that is not bound', { text: pointer('x', 'a') }, { ...nothing, outputs: 1, objects: 0 }],
    [
      'a directory whose listing is missing',
      { text: directory({ f: 'x' }, 'a'), remote: remoteOf('x') },
      { ...nothing, objects: 1 },
    ],
  ])('%s', async (_, { text, remote }, counts) => {
    const files = { '.dvc/config': config, 'a.dvc': text };
    const outcome = await judgeData({ files, remotes: remote === undefined ? {} : { [url]: remote } });
    expect(outcome.counts).toMatchObject(counts);
  });

  test('a directory that lacks a member — the others and the listing, and no whole output', async () => {
    const prod = remoteOf();
    addDirectory(prod, { f: 'x', g: 'y' });
    prod.objects.delete(key(md5('y')));
    const files = { '.dvc/config': config, 'a.dvc': directory({ f: 'x', g: 'y' }, 'a') };
    const outcome = await judgeData({ files, remotes: { [url]: prod } });
    expect(outcome.counts).toMatchObject({ outputs: 1, outputsProven: 0, objects: 3, objectsProven: 2 });
  });
});

describe('what is found', () => {
  test('a member of a directory — is missing — one finding with names, and the member is wanted', async () => {
    const images = { 'a.png': 'A', 'b.png': 'B', 'c.png': 'C', 'd.png': 'D', 'e.png': 'E' };
    const prod = remoteOf();
    addDirectory(prod, images);
    for (const name of ['B', 'C', 'D', 'E']) prod.objects.delete(key(md5(name)));
    const outcome = await judgeData({
      files: { '.dvc/config': config, 'i.dvc': directory(images, 'i') },
      remotes: { [url]: prod },
    });

    expect(outcome.findings).toHaveLength(1);
    expect(outcome.findings[0]?.message).toContain('lists 5 files; 4 are not in remote `prod`');
    expect(outcome.findings[0]?.message).toContain('`b.png`, `c.png`, `d.png`, …');
    expect(outcome.wanted.map((object) => object.key).toSorted()).toEqual(
      ['B', 'C', 'D', 'E'].map((name) => key(md5(name))).toSorted(),
    );
  });

  test('a listing — that is damaged — is told, and nothing of it is believed', async () => {
    const images = { a: 'A' };
    const prod = remoteOf();
    prod.objects.set(`${key(md5(listing(images)))}.dir`, Buffer.from(listing({ '../a': 'A' })));
    const outcome = await judgeData({
      files: { '.dvc/config': config, 'i.dvc': directory(images, 'i') },
      remotes: { [url]: prod },
    });

    expect(outcome.findings[0]?.message).toContain('damaged');
    expect(outcome.wanted).toEqual([]);
  });

  test('an object in the other layout and on another remote — both are hinted at', async () => {
    const prod = createMemoryRemote({ [`${md5('x').slice(0, 2)}/${md5('x').slice(2)}`]: 'x' });
    const files = {
      '.dvc/config': `${config}['remote "dev"']\nurl = s3://dev\n`,
      'x.dvc': pointer('x', 'x'),
    };
    const outcome = await judgeData({ files, remotes: { [url]: prod, 's3://dev': remoteOf('x') } });

    expect(outcome.findings[0]?.message).toMatch(/layout of DVC 2.*It is in remote `dev`/);
  });

  test('a finding that the target has too — is existing', async () => {
    const broken = { '.dvc/config': config, 'x.dvc': 'autoupdate: 1\n' };
    const outcome = await judgeData({
      base: broken,
      files: { ...broken, 'x.dvc': 'autoupdate: 2\n' },
      remotes: {},
    });

    expect(outcome.findings.map(({ origin }) => origin)).toEqual(['existing']);
  });

  test('another size — the harmless repair is named first, deleting last', async () => {
    const files = { 'p/.dvc/config': config, 'p/a.dvc': pointer('a', 'a').replace('size: 1', 'size: 2') };
    const outcome = await judgeData({ files, remotes: { [url]: remoteOf('a') } });
    expect(outcome.findings.map(({ repair }) => repair)).toEqual([
      [
        '1. where the right data is, so that `cd p && dvc status a.dvc` says it is up to date:',
        '   cd p && dvc commit -f a.dvc',
        '   if that changes p/a.dvc, its size was wrong: commit it',
        '2. only if it changes nothing, the remote is wrong: delete the object there, then',
        '   cd p && dvc push a.dvc',
      ].join('\n'),
    ]);
  });

  test('removed and changed outputs — are differences', async () => {
    const base = { '.dvc/config': config, 'a.dvc': pointer('a', 'a'), 'b.dvc': pointer('b', 'b') };
    const files = { '.dvc/config': config, 'b.dvc': pointer('bb', 'b') };
    const outcome = await judgeData({ base, files, remotes: { [url]: remoteOf('bb') } });

    expect(outcome.differences.map(({ path, change }) => [path, change])).toEqual([
      ['a', 'removed'],
      ['b', 'modified'],
    ]);
  });

  test('a metafile that cannot be read — is no difference, neither where it breaks nor where it is repaired', async () => {
    const stage = 'stages:\n  train:\n    cmd: x\n    outs: [model]\n';
    const right = {
      '.dvc/config': config,
      'a.dvc': pointer('a', 'a'),
      'b.dvc': pointer('b', 'b'),
      'dvc.yaml': stage,
      'dvc.lock': `schema: '2.0'\nstages:\n${lockStage('train', 'model')}`,
    };
    const broken = { 'a.dvc': `<<<<<<< x\n${pointer('a', 'a')}`, 'dvc.yaml': 'stages: [\n' };
    const { 'b.dvc': _gone, ...without } = right;
    const remotes = { [url]: remoteOf('a', 'b', 'model') };
    const breaking = await judgeData({ base: right, files: { ...without, ...broken }, remotes });
    const repairing = await judgeData({ base: { ...right, ...broken }, files: right, remotes });

    expect(breaking.differences.map(({ path, change }) => [path, change])).toEqual([['b', 'removed']]);
    expect(breaking.findings.map(({ file }) => file)).toEqual(['a.dvc', 'dvc.yaml']);
    expect(repairing.differences).toEqual([]);
  });

  test('a symbolic link, bytes that are no text, a byte order mark in the config — are findings', async () => {
    const files = {
      '.dvc/config': Buffer.from(`\uFEFF${config}`),
      'l.dvc': { link: 'other.dvc' },
      'u.dvc': Buffer.from([0x6f, 0xff, 0xfe]),
    };
    const outcome = await judgeData({ files, remotes: {} });

    expect(outcome.findings.map(({ rule, file }) => [rule, file])).toEqual([
      ['data/unparsable', '.dvc/config'],
      ['data/schema', 'l.dvc'],
      ['data/unparsable', 'u.dvc'],
    ]);
  });

  test('an excerpt of the config — never shows a secret', async () => {
    const secret = 'hunter2hunter2';
    const files = {
      '.dvc/config': `${config}    password = ${secret}\n    access_key_id = ${secret}\n`,
      'a.dvc': pointer('a', 'a'),
    };
    const outcome = await judgeData({ files, remotes: {} });

    expect(outcome.findings.length).toBeGreaterThan(0);
    expect(JSON.stringify([outcome.findings, outcome.unknowns, outcome.wanted])).not.toContain(secret);
  });
});

describe('what cannot be known — is never called missing', () => {
  const files = { '.dvc/config': config, 'a.dvc': pointer('a', 'a'), 'i.dvc': directory({ x: 'X' }, 'i') };

  test.each(['forbidden', 'unreachable', 'unsupported'] as const)('%s', async (cause) => {
    const prod = remoteOf();
    prod.trouble = { kind: 'unknown', cause, message: 'as it was' };
    const outcome = await judgeData({ files, remotes: { [url]: prod } });

    expect(outcome.findings).toEqual([]);
    expect(outcome.unknowns).toMatchObject([
      { cause, message: 'as it was', what: expect.stringContaining('2 objects') },
    ]);
    expect(outcome.wanted).toHaveLength(2);
  });

  test('a kind of remote that cannot be asked — is unknown; one that is not bound — is a finding', async () => {
    const drive = config.replace(url, 'gdrive://abc');
    const unsupported = await judgeData({ files: { ...files, '.dvc/config': drive }, remotes: {} });
    const unbound = await judgeData({ files, remotes: {} });

    expect(unsupported.findings).toEqual([]);
    expect(unsupported.unknowns).toMatchObject([{ cause: 'unsupported' }]);
    expect(unbound.findings.map(({ rule }) => rule)).toEqual(['data/remote-not-bound']);
    expect(unbound.unknowns).toEqual([]);
  });

  test('a broken config — outputs whose remote it would name — are undecided', async () => {
    const outcome = await judgeData({ files: { ...files, '.dvc/config': '<<<<<<< HEAD\n' }, remotes: {} });

    expect(outcome.findings.map(({ rule }) => rule)).toEqual(['data/unparsable']);
    expect(outcome.unknowns).toMatchObject([{ what: 'output a' }, { what: 'output i' }]);
  });

  test.each([
    [{ fileBytes: 50 }, 'file a.dvc'],
    [{ files: 2 }, '1 DVC files'],
    [{ objects: 1 }, '1 objects'],
    [{ listingBytes: 10 }, 'object'],
  ])('the limit %j — is told', async (limits, what) => {
    const prod = remoteOf('a');
    addDirectory(prod, { x: 'X' });
    const outcome = await judgeData({ files, remotes: { [url]: prod }, limits });

    expect(outcome.unknowns.map((unknown) => unknown.cause)).toContain('limit');
    expect(outcome.unknowns.map((unknown) => unknown.what).join()).toContain(what);
    expect(outcome.findings).toEqual([]);
  });

  test('an abort — goes through', async () => {
    await expect(
      judgeData({ files, remotes: { [url]: remoteOf() }, signal: AbortSignal.abort(new Error('stop')) }),
    ).rejects.toThrow('stop');
  });
});

describe('a remote that keeps versions', () => {
  const versioned = `${config}    version_aware = true\n`;

  test('the very version at the path below the root — is asked for', async () => {
    const prod = createMemoryRemote({ 'data/a@v1': 'a' });
    const files = {
      'p/.dvc/config': versioned,
      'p/data/a.dvc': pointer('a', 'a', cloud('v1')),
      'p/data/b.dvc': pointer('b', 'b', cloud('v1')),
    };
    const outcome = await judgeData({ files, remotes: { [url]: prod } });

    expect(prod.asked).toEqual(['stat data/a@v1', 'stat data/b@v1']);
    expect(outcome.findings.map(({ file }) => file)).toEqual(['p/data/b.dvc']);
    expect(outcome.wanted).toEqual([{ remote: 'prod', url, key: 'data/b', version: 'v1' }]);
  });

  test('a template that could mean two things — is undecided, and nothing is asked', async () => {
    const prod = remoteOf();
    const files = {
      '.dvc/config': config,
      'dvc.yaml': 'stages:\n  a:\n    cmd: x\n    outs:\n    - ${p}\n    - ${q}: {cache: false}\n',
      'dvc.lock': `schema: '2.0'\nstages:\n${lockStage('a', 'x')}`,
    };
    const outcome = await judgeData({ files, remotes: { [url]: prod } });

    expect(outcome.unknowns).toMatchObject([{ what: 'output x', cause: 'unsupported' }]);
    expect(outcome.findings).toEqual([]);
  });

  test('a version that was deleted — the repair is not dvc push alone, which records no other version', async () => {
    const outcome = await judgeData({
      files: { '.dvc/config': versioned, 'a.dvc': pointer('a', 'a', cloud('gone')) },
      remotes: { [url]: createMemoryRemote({ 'a@newer': 'a' }) },
    });
    expect(outcome.findings).toMatchObject([
      {
        rule: 'data/missing-on-remote',
        message: expect.stringContaining('`dvc push` alone repairs nothing'),
        repair:
          'delete cloud: (with the lines below it) of a from a.dvc, then dvc push a.dvc, then git add a.dvc && git commit',
      },
    ]);
  });

  test('a version of another size — deletes nothing on the remote', async () => {
    const outcome = await judgeData({
      files: { '.dvc/config': versioned, 'a.dvc': pointer('a', 'a', cloud('v')) },
      remotes: { [url]: createMemoryRemote({ 'a@v': 'longer' }) },
    });
    expect(outcome.findings).toMatchObject([
      {
        rule: 'data/size-mismatch',
        repair: expect.stringMatching(/^delete cloud: .* of a from a\.dvc, then dvc push/),
      },
    ]);
  });

  test('a pointer without a version — is known to be unpushed without asking', async () => {
    const prod = remoteOf('a');
    const outcome = await judgeData({
      files: { '.dvc/config': versioned, 'a.dvc': pointer('a', 'a') },
      remotes: { [url]: prod },
    });

    expect(prod.asked).toEqual([]);
    expect(outcome.findings.map(({ rule }) => rule)).toEqual(['data/missing-on-remote']);
  });
});

describe('many objects', () => {
  const many = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [`f${index}`, `content ${index}`]),
  );
  const files = { '.dvc/config': config, 'm.dvc': directory(many, 'm') };

  test('on a small remote — buckets are listed instead', async () => {
    const prod = remoteOf();
    addDirectory(prod, many);
    prod.objects.delete(key(md5('content 7')));
    const outcome = await judgeData({ files, remotes: { [url]: prod } });
    const lists = prod.asked.filter((question) => question.startsWith('list '));

    expect(lists).toHaveLength(256);
    expect(prod.asked.length - lists.length).toBeLessThan(10);
    expect(outcome.findings[0]?.message).toContain('lists 3000 files; 1 is not in');
    expect(outcome.counts['objects']).toBe(3001);
  });

  test('where listing is refused — each is asked for', async () => {
    const prod = remoteOf();
    addDirectory(prod, many);
    prod.listTrouble = { kind: 'unknown', cause: 'forbidden', message: 'no list' };
    const outcome = await judgeData({ files, remotes: { [url]: prod } });

    expect(outcome.findings).toEqual([]);
    expect(outcome.unknowns).toEqual([]);
    expect(prod.asked.filter((question) => question.startsWith('stat '))).toHaveLength(3000);
  });
});

const corpus = join(
  dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
  '..',
  '..',
  'shared',
  'corpora',
  'dvc',
);

function filesBelow(folder: string): Record<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path))]));
}

describe.skipIf(!existsSync(corpus))('repositories of others (corpora/dvc)', () => {
  const names = existsSync(corpus)
    ? readdirSync(corpus).filter((name) => statSync(join(corpus, name)).isDirectory())
    : [];

  test.each(names)(
    '%s — as a whole, with remotes that are not bound — is judged without a crash',
    async (name) => {
      const outcome = await judgeData({ files: filesBelow(join(corpus, name)), scope: 'all' });
      const rules = new Set(outcome.findings.map(({ rule }) => rule));

      expect([...rules].filter((rule) => /missing|size|unversioned|changed/.test(rule))).toEqual([]);
      expect(outcome.unknowns.filter(({ cause }) => cause === 'crash')).toEqual([]);
    },
  );

  test('asmr — versions in the cloud — are asked for by path and version', async () => {
    const gcp = createMemoryRemote();
    const outcome = await judgeData({
      files: filesBelow(join(corpus, 'asmr')),
      remotes: { 'gs://asmr-street-view': gcp },
      scope: 'all',
    });

    expect(gcp.asked).toContain('stat outputs/oxgraph.csv@1710269284258199');
    expect(gcp.asked).toContain(
      'stat inputs/NHGIS/nhgis0001_csv/nhgis0001_ds104_1980_tract.csv@1710270339265792',
    );
    expect(outcome.findings.every(({ rule }) => rule === 'data/missing-on-remote')).toBe(true);
  });
});
