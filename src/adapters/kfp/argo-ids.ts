/**
 * Argo makes a node's id of the workflow's name and a hash of all names from the workflow down to the node, joined by
 * dots; the workflow's own node is called like the workflow.
 */
export function nodeId(place: readonly string[]): string {
  const [workflow = ''] = place;
  return place.length === 1 ? workflow : `${workflow}-${hashOn(emptyHash, place.join('.'))}`;
}

/** The workflow and the hash that a node's id is made of; undefined: it is no such id. */
export function readNodeId(id: string): { readonly workflow: string; readonly hash: number } | undefined {
  const [, workflow, hash] = /^(.+)-(\d{1,10})$/.exec(id) ?? [];
  return workflow === undefined ? undefined : { workflow, hash: Number(hash) };
}

/** The 32-bit FNV-1a hash of nothing. */
export const emptyHash = 0x811c9dc5;

/** The hash of what `hash` is of with `text`, in UTF-8, behind it. */
export function hashOn(hash: number, text: string | Uint8Array): number {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  let grown = hash;
  for (let index = 0; index < bytes.length; index += 1)
    grown = Math.imul(grown ^ (bytes[index] ?? 0), 0x01000193) >>> 0;
  return grown;
}
