import { joinPointer } from '../yaml/pointer.ts';
import type { Problems } from '../problems.ts';
import type { Problem, Span } from '../source.ts';
import { field, stringValue, type YamlNode } from '../yaml/node.ts';
import type { CloudVersion, MemberFile, TrackedEntry } from './entry.ts';
import { toHash, type Hash, type Layout } from './layout.ts';
import { resolveOutput, type OutputPath, type PathBase } from './output-path.ts';

/** What reading an entry needs beside its node. */
export interface EntryContext {
  readonly base: PathBase;
  readonly problems: Problems;
}

/** Reads an entry of `outs` or `deps`; undefined when it is no mapping or has no path (specs dvc 1.3 to 1.5). */
export function readEntry(node: YamlNode, pointer: string, context: EntryContext): TrackedEntry | undefined {
  if (node.kind !== 'mapping') return undefined;
  const path = readPath(node, pointer, context);
  if (path === undefined) return undefined;
  const layout = readLayout(node, pointer, context);
  const hash = readHash(node, pointer, { ...context, layout, target: path.target });
  const files = readFiles(node, pointer, { ...context, layout });
  return {
    pointer,
    spans: spansOf(node),
    path: path.text,
    target: path.target,
    hash: files === undefined ? hash.hash : undefined,
    hashWritten: hash.written,
    size: files === undefined ? numberValue(field(node, 'size')) : sumOf(files),
    nfiles: files === undefined ? numberValue(field(node, 'nfiles')) : files.length,
    isDirectory: files !== undefined || hash.hash?.directory === true,
    cloud: readCloud(node, pointer, context),
    files,
  };
}

function readPath(
  node: YamlNode,
  pointer: string,
  context: EntryContext,
): { readonly text: string; readonly target: OutputPath } | undefined {
  const written = field(node, 'path');
  const text = stringValue(written);
  const span = written?.span ?? node.span;
  if (text === undefined || text === '' || text.includes('\0')) {
    if (field(node, 'db') !== undefined) return undefined;
    const message = written === undefined ? 'it has no `path`' : 'its `path` is no name of a file';
    report(context, {
      code: 'missing-field',
      span,
      pointer: joinPointer(pointer, 'path'),
      message: `${message}; DVC fails on it`,
    });
    return undefined;
  }
  return { text, target: resolveOutput(text, context.base) };
}

/** `hash: md5` is the layout of DVC 3, no `hash` the one before; DVC takes anything else as no hash at all. */
function readLayout(node: YamlNode, pointer: string, context: EntryContext): Layout {
  const written = field(node, 'hash');
  if (written === undefined) return 'legacy';
  if (stringValue(written) !== 'md5') {
    const message = '`hash` is not `md5`: DVC reads it as if there were no hash';
    report(context, {
      code: 'hash-name',
      span: written.span,
      pointer: joinPointer(pointer, 'hash'),
      message,
      repair: 'hash: md5',
    });
  }
  return 'files/md5';
}

function readHash(
  node: YamlNode,
  pointer: string,
  context: EntryContext & { readonly layout: Layout; readonly target: OutputPath },
): { readonly hash: Hash | undefined; readonly written: boolean } {
  let written = false;
  for (const name of ['md5', 'etag', 'checksum']) {
    const value = field(node, name);
    if (value === undefined) continue;
    const at = { span: value.span, pointer: joinPointer(pointer, name) };
    if (value.kind === 'scalar' && (value.type === 'null' || value.text === '')) continue;
    written = true;
    const text = stringValue(value);
    if (text === undefined) {
      const message = `\`${name}\` is read as a number or a list, not as text; DVC fails on it`;
      report(context, { code: 'hash-type', ...at, message, repair: quoted(name, value) });
    } else if (name === 'md5') {
      const hash = toHash(text, context.layout);
      if (hash !== undefined) return { hash, written };
      if (context.target.kind === 'inside') {
        const repair =
          toHash(text.toLowerCase(), context.layout) === undefined ? undefined : `md5: ${text.toLowerCase()}`;
        const message =
          '`md5` is not 32 lower-case hex digits (and `.dir` for a directory): no object has such a name';
        report(context, { code: 'hash-form', ...at, message, repair });
      }
    }
  }
  return { hash: undefined, written };
}

function readFiles(
  node: YamlNode,
  pointer: string,
  context: EntryContext & { readonly layout: Layout },
): readonly MemberFile[] | undefined {
  const listed = field(node, 'files');
  if (listed?.kind !== 'sequence') return undefined;
  const base = joinPointer(pointer, 'files');
  return listed.items.flatMap((item, index): readonly MemberFile[] => {
    const relpath = stringValue(field(item, 'relpath'));
    if (relpath === undefined) return [];
    const at = joinPointer(base, index);
    if (/^\/|\0/.test(relpath) || relpath.split(/[/\\]/).includes('..')) {
      const message = `the file \`${relpath}\` is outside of its directory`;
      report(context, { code: 'escapes', span: item.span, pointer: at, message });
      return [];
    }
    const target = { kind: 'inside', path: relpath } as const;
    const { hash } = readHash(item, at, { ...context, target });
    return [{ relpath, hash, size: numberValue(field(item, 'size')), cloud: readCloud(item, at, context) }];
  });
}

/** `cloud: {remote: {…}}`, or the bare `etag` and `version_id` that it replaced (specs dvc 1.3). */
function readCloud(node: YamlNode, pointer: string, context: EntryContext): CloudVersion | undefined {
  const cloud = field(node, 'cloud');
  if (cloud?.kind !== 'mapping' || cloud.entries.length === 0) {
    const versionId = versionOf(node);
    return versionId === undefined
      ? undefined
      : { remote: undefined, etag: stringValue(field(node, 'etag')), versionId };
  }
  if (cloud.entries.length > 1) {
    const message = '`cloud` names more than one remote; DVC refuses the file';
    report(context, { code: 'cloud', span: cloud.span, pointer: joinPointer(pointer, 'cloud'), message });
  }
  const first = cloud.entries[0];
  const remote = first?.key.kind === 'scalar' ? first.key.text : undefined;
  return {
    remote,
    etag: stringValue(field(first?.value, 'etag')),
    versionId: versionOf(first?.value),
  };
}

/** No store gives out a version with a NUL in it. */
function versionOf(node: YamlNode | undefined): string | undefined {
  const version = stringValue(field(node, 'version_id'));
  return version === undefined || version === '' || version.includes('\0') ? undefined : version;
}

function spansOf(node: YamlNode): TrackedEntry['spans'] {
  const entry = { start: node.span.start, end: node.span.end };
  function at(...names: readonly string[]): Span {
    for (const name of names) {
      const value = field(node, name);
      if (value !== undefined) return value.span;
    }
    return field(node, 'path')?.span ?? entry;
  }
  return {
    entry,
    path: at('path'),
    hash: at('md5', 'etag', 'checksum', 'files'),
    size: at('size'),
    nfiles: at('nfiles'),
    cloud: at('cloud', 'version_id'),
  };
}

function quoted(name: string, value: YamlNode): string | undefined {
  return value.kind === 'scalar' && /^[0-9a-f]{32}$/.test(value.text)
    ? `${name}: '${value.text}'`
    : undefined;
}

function numberValue(node: YamlNode | undefined): number | undefined {
  return node?.kind === 'scalar' && node.type === 'int' ? Number(node.value) : undefined;
}

function sumOf(files: readonly MemberFile[]): number | undefined {
  let sum = 0;
  for (const { size } of files) {
    if (size === undefined) return undefined;
    sum += size;
  }
  return sum;
}

function report(context: EntryContext, problem: Problem): void {
  context.problems.push(problem);
}
