import { createSource, type Problem, type Source } from '../../../formats/source.ts';
import { maskSource } from '../../../formats/dvc/mask.ts';
import { decodeUtf8 } from '../../../formats/yaml/decode.ts';
import { RetryableError } from '../../../errors.ts';
import type { Oid } from '../../../domain/repository.ts';
import type { Unknown } from '../../../domain/verdict.ts';
import type { Blob } from '../../../ports/snapshots.ts';
import type { CollectDeps } from '../../check.ts';
import type { SelectedFile, Selection } from './select-files.ts';

/** A metafile's text, or what stands in the way. */
export type FileText =
  | { readonly kind: 'text'; readonly source: Source }
  | {
      readonly kind: 'problem';
      readonly source: Source | { readonly path: string };
      readonly problem: Problem;
    }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/** Round one: all blobs of both trees in one batch. */
export async function readBlobs(
  selection: Selection,
  deps: CollectDeps,
  signal: AbortSignal,
): Promise<ReadonlyMap<Oid, Blob>> {
  const oids = new Set<Oid>();
  for (const { entry } of [...selection.judged, ...selection.base])
    if (entry.mode !== '120000') oids.add(entry.oid);
  if (oids.size === 0) return new Map();
  deps.progress(`reading ${oids.size} DVC files`);
  return deps.trees.read([...oids], deps.limits.fileBytes, signal);
}

/**
 * The text of a file from its blob.
 * @throws RetryableError when git does not have it: the host may not have sent it yet.
 */
export function textOf(file: SelectedFile, blobs: ReadonlyMap<Oid, Blob>, maxBytes: number): FileText {
  const { path, mode, oid } = file.entry;
  if (mode === '120000') {
    const message =
      'the file is a symbolic link; the gate does not follow it, and other machines may not either';
    const repair = `replace the link by the file itself: git rm ${path}, copy, git add ${path}`;
    return {
      kind: 'problem',
      source: { path },
      problem: { code: 'symlink', message, span: { start: 0, end: 0 }, pointer: '', repair },
    };
  }
  const blob = blobs.get(oid);
  if (blob?.kind === 'too-large') return tooLarge(path, blob.size, maxBytes);
  if (blob?.kind !== 'bytes') throw new RetryableError(`git does not have the content of ${path}`);
  const decoded = decodeUtf8(blob.bytes);
  if (decoded.problem !== undefined) {
    const source = maskSource(createSource(path, decoded.lossy));
    return { kind: 'problem', source, problem: decoded.problem };
  }
  // A byte order mark is fine in YAML, but DVC refuses it in a config file: keep it for that reader.
  const marked = file.kind === 'config' && blob.bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
  return { kind: 'text', source: createSource(path, marked ? `\uFEFF${decoded.text}` : decoded.text) };
}

function tooLarge(path: string, size: number, maxBytes: number): FileText {
  const unknown: Unknown = {
    what: `file ${path}`,
    cause: 'limit',
    message: `the file has ${size} bytes, more than the ${maxBytes} that are read`,
    remedy: 'raise limits.fileBytes in the server configuration',
  };
  return { kind: 'unknown', unknown };
}
