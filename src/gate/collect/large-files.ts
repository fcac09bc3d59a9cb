import type { Oid } from '../../domain/repository.ts';
import { looksLikePipeline } from '../../formats/kfp/looks-like-pipeline.ts';
import type { Blob, TreeReader } from '../../ports/snapshots.ts';

/** Kubeflow takes no upload beyond these bytes (specs kubeflow-kserve F01): whatever is larger is no pipeline. */
const mostUploaded = 32 * 1024 ** 2;

/**
 * A file that the batch left out for its size, read by itself: it is searched for marks, never parsed. One at a time,
 * so that no more than one of them is in memory.
 */
export async function lookAtLarge(
  oid: Oid,
  blob: Blob | undefined,
  trees: TreeReader,
  signal: AbortSignal,
): Promise<Blob | undefined> {
  if (blob?.kind !== 'too-large' || blob.size > mostUploaded) return blob;
  return (await trees.read([oid], mostUploaded, signal)).get(oid);
}

/** Whether bytes hold the marks of a pipeline: those are ASCII, and in UTF-16 every other byte is zero. */
export function hasMarks(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  return looksLikePipeline(text.includes('\0') ? text.replaceAll('\0', '') : text);
}
