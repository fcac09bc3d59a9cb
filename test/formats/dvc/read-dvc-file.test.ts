import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDvcFile } from '../../../src/formats/dvc/read-dvc-file.ts';
import { createSource } from '../../../src/formats/source.ts';
import { defaultLimits } from '../../../src/limits.ts';

const hex = 'a71dc1a634d52f0882095bd8ce0acb0c';

function read(text: string, path = 'data/x.dvc', root = ''): ReturnType<typeof readDvcFile> {
  return readDvcFile(createSource(path, text), { root, limits: defaultLimits });
}

function codes(text: string): readonly string[] {
  return read(text).problems.map((problem) => problem.code);
}

/** One output with these lines instead of, or beside, the usual ones. */
function out(...lines: readonly string[]): string {
  return `outs:\n- ${lines.join('\n  ')}\n`;
}

describe('a .dvc file — as DVC writes it — is read without problems', () => {
  test('a file', () => {
    const { value, problems } = read(out(`md5: ${hex}`, 'size: 18042', 'hash: md5', 'path: data.csv'));

    expect(problems).toEqual([]);
    expect(value?.outputs[0]).toMatchObject({
      pointer: 'outs/0',
      path: 'data.csv',
      target: { kind: 'inside', path: 'data/data.csv' },
      hash: { text: hex, directory: false, layout: 'files/md5' },
      size: 18042,
      isDirectory: false,
      cache: true,
      push: true,
    });
  });

  test('an entry without `hash` — is of the old layout', () => {
    const { value } = read(out(`md5: ${hex}.dir`, 'nfiles: 2', 'path: raw'));

    expect(value?.outputs[0]).toMatchObject({
      hash: { text: `${hex}.dir`, directory: true, layout: 'legacy' },
      nfiles: 2,
      isDirectory: true,
    });
  });

  test('a version in the cloud, and a directory listed file by file', () => {
    const cloud = ['cloud:', '    prod:', "      version_id: '12'", '      etag: 0a'];
    const file = read(out(`md5: ${hex}`, 'hash: md5', 'path: a', ...cloud));
    const directory = read(
      out(
        'hash: md5',
        'path: d',
        'files:',
        `- {relpath: x, md5: ${hex}, size: 3}`,
        `- {relpath: y/z, md5: ${hex}, size: 4}`,
      ),
    );

    expect(file.value?.outputs[0]?.cloud).toEqual({ remote: 'prod', etag: '0a', versionId: '12' });
    expect(directory.problems).toEqual([]);
    expect(directory.value?.outputs[0]).toMatchObject({
      size: 7,
      nfiles: 2,
      isDirectory: true,
      hash: undefined,
    });
  });

  test.each([
    ['no outputs at all', 'meta:\n  a: 1\n'],
    ['outs: null', 'outs:\n'],
    ['comments, a BOM and CRLF', `\uFEFF# data\r\nouts:\r\n- md5: ${hex}\r\n  path: x\r\n`],
    ['an anchor and an alias', `meta: &m {a: 1}\nouts:\n- md5: ${hex}\n  path: x\n  meta: *m\n`],
    ['several outputs', `outs:\n- {md5: ${hex}, path: a}\n- {md5: ${hex}, path: b}\n`],
    ['an output that is not kept, without a hash', 'outs:\n- {path: a, cache: false}\n'],
  ])('%s', (_name, text) => {
    expect(codes(text)).toEqual([]);
  });
});

describe('a .dvc file — what DVC 3 rejects, and what the gate is stricter about — is told', () => {
  test.each([
    ['an empty file', '', 'empty'],
    ['comments only', '# nothing\n', 'empty'],
    ['a list', '- a\n', 'wrong-type'],
    ['two documents', `${out(`md5: ${hex}`, 'path: a')}---\nouts: []\n`, 'documents'],
    ['a tab as indentation', 'outs:\n\t- path: a\n', 'syntax'],
    ['a key twice', out(`md5: ${hex}`, 'path: a', 'path: b'), 'duplicate-key'],
    ['an unknown key', `autoupdate: true\n${out(`md5: ${hex}`, 'path: a')}`, 'unknown-field'],
    ['an unknown key of an output', out(`md5: ${hex}`, 'path: a', 'sha: 1'), 'unknown-field'],
    ['cmd', `cmd: python x.py\n${out(`md5: ${hex}`, 'path: a')}`, 'removed-key'],
    ['metric', out(`md5: ${hex}`, 'path: a', 'metric: true'), 'removed-key'],
    [
      'params of a dependency',
      `deps:\n- {path: p.yaml, params: {a: 1}}\n${out(`md5: ${hex}`, 'path: a')}`,
      'removed-key',
    ],
    ['no path', out(`md5: ${hex}`), 'missing-field'],
    ['an empty path', out(`md5: ${hex}`, "path: ''"), 'missing-field'],
    ['a NUL in the path', out(`md5: ${hex}`, 'path: "a\\0b"'), 'missing-field'],
    [
      'a NUL in the name of a file',
      out('hash: md5', 'path: d', `files: [{relpath: "x\\0y", md5: ${hex}}]`),
      'escapes',
    ],
    ['a path that leaves', out(`md5: ${hex}`, 'path: ../../x'), 'escapes'],
    ['an absolute path', out(`md5: ${hex}`, 'path: /srv/x'), 'escapes'],
    ['an external path', out(`md5: ${hex}`, 'path: s3://b/x'), 'escapes'],
    ['the top directory itself', out(`md5: ${hex}`, 'path: ..'), 'escapes'],
    ['a backslash', out(`md5: ${hex}`, 'path: a\\b'), 'backslash'],
    ['a metafile as output', out(`md5: ${hex}`, 'path: x.dvc'), 'metafile-output'],
    ['no hash', out('path: a'), 'no-hash'],
    ['a null hash', out('md5:', 'path: a'), 'no-hash'],
    ['an upper-case hash', out(`md5: ${hex.toUpperCase()}`, 'path: a'), 'hash-form'],
    ['a short hash', out('md5: abc', 'path: a'), 'hash-form'],
    ['a hash of digits', out('md5: 12345678901234567890123456789012', 'path: a'), 'hash-type'],
    ['a hash that is a float', out('md5: 12e45678901234567890123456789012', 'path: a'), 'hash-type'],
    ['another algorithm', out(`md5: ${hex}`, 'hash: sha256', 'path: a'), 'hash-name'],
    ['a null size', out(`md5: ${hex}`, 'size:', 'path: a'), 'wrong-type'],
    ['a negative size', out(`md5: ${hex}`, 'size: -1', 'path: a'), 'wrong-type'],
    ['a size that is a boolean', out(`md5: ${hex}`, 'size: true', 'path: a'), 'wrong-type'],
    ['a number of files at a file', out(`md5: ${hex}`, 'nfiles: 3', 'path: a'), 'nfiles'],
    ['a version without quotes', out(`md5: ${hex}`, 'version_id: 123', 'path: a'), 'wrong-type'],
    ['two remotes in cloud', out(`md5: ${hex}`, 'path: a', 'cloud: {a: {etag: x}, b: {etag: y}}'), 'cloud'],
    [
      'a file outside of its directory',
      out('hash: md5', 'path: d', `files: [{relpath: ../x, md5: ${hex}}]`),
      'escapes',
    ],
    [
      'cache of a dependency',
      `deps:\n- {path: a, cache: true}\n${out(`md5: ${hex}`, 'path: a')}`,
      'unknown-field',
    ],
  ])('%s', (_name, text, code) => {
    expect(codes(text)).toContain(code);
  });

  test('a removed key — the message — names the version', () => {
    expect(read(`cmd: x\n${out(`md5: ${hex}`, 'path: a')}`).problems[0]?.message).toContain('DVC 3.0');
  });

  test('a conflict — markers of any kind of side — is told before anything else', () => {
    expect(codes(`outs:\n<<<<<<< HEAD\n- md5: a\n=======\n- md5: b\n>>>>>>> x\n`)).toEqual([
      'conflict-marker',
    ]);
  });

  test('more than five megabytes — is a limit, not an error', () => {
    expect(codes(`meta: ${'x'.repeat(6 * 1024 * 1024)}`)).toEqual(['limit']);
  });

  test('a path inside of git but outside of its DVC root — leaves the project', () => {
    const text = out(`md5: ${hex}`, 'path: ../../other/x');

    expect(read(text, 'project/data/x.dvc', 'project').problems.map(({ code }) => code)).toEqual(['escapes']);
    expect(read(text, 'project/data/x.dvc', '').problems).toEqual([]);
  });

  test('wdir — moves the base of every path', () => {
    const { value } = read(`wdir: ../data\n${out(`md5: ${hex}`, 'path: ./a/')}`, 'meta/x.dvc');

    expect(value?.outputs[0]?.target).toEqual({ kind: 'inside', path: 'data/a' });
  });
});

describe('the kind of a .dvc file — by its dependency and its output', () => {
  const data = `outs:\n- {md5: ${hex}, hash: md5, path: a}\n`;
  const empty = 'outs:\n- {hash: md5, path: a}\n';

  test.each([
    ['plain', data],
    ['import', `deps:\n- {path: a, repo: {url: 'https://g/r', rev_lock: abc}}\n${data}`],
    ['import', `deps:\n- {path: a, repo: {url: 'https://g/r', rev_lock: abc}}\n${empty}`],
    ['import-url', `deps:\n- {path: 'https://h/a', checksum: abc}\n${data}`],
    ['import-url-versioned', `deps:\n- {path: 's3://b/a', version_id: abc}\n${data}`],
    ['partial-import', `deps:\n- {path: 'https://h/a'}\n${empty}`],
    ['import-db', `deps:\n- {db: {query: select 1, connection: c}}\n${data}`],
  ])('%s', (kind, text) => {
    const { value, problems } = read(`frozen: true\n${text}`);

    expect(value?.kind).toBe(kind);
    expect(problems).toEqual([]);
  });

  test('settings of the source — may be credentials — are masked', () => {
    const text = `deps:\n- {path: a, repo: {url: 'https://g/r', config: {core: {remote: x}, token: hunter2}}}\n${data}`;

    expect(read(text).source.text).not.toContain('hunter2');
  });
});

test('any mutation of a valid file — never throws, and every place is inside of it', () => {
  const valid = `md5: ${hex}\nfrozen: true\ndeps:\n- path: a\n  repo:\n    url: u\n${out(`md5: ${hex}.dir`, 'size: 3', 'nfiles: 1', 'hash: md5', 'path: a', 'cloud:', '  p: {etag: e}', 'files:', `- {relpath: x, md5: ${hex}}`)}`;
  const piece = fc.oneof(
    fc.constantFrom(
      '\n',
      '  ',
      '- ',
      ': ',
      '"',
      '{',
      '}',
      '[',
      '&a',
      '*a',
      '<<: ',
      '\t',
      '\0',
      '💥',
      '...',
      '---',
    ),
    fc.string(),
  );
  const edit = fc.record({ at: fc.nat(valid.length), remove: fc.nat(20), insert: piece });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let text = valid;
      for (const { at, remove, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + remove);
      for (const { span } of read(text).problems) expect(span.end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 500 },
  );
});
