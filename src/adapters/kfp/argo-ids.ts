/**
 * Argo makes a node's id of the workflow's name and a hash of all names from the workflow down to the node, joined by
 * dots; the workflow's own node is called like the workflow.
 */
export function nodeId(place: readonly string[]): string {
  const [workflow = ''] = place;
  return place.length === 1 ? workflow : `${workflow}-${hashOn(emptyHash, place.join('.'))}`;
}

/** The workflow that a node's id is of; undefined: it is no such id. */
export function workflowOf(id: string): string | undefined {
  return /^(.+)-\d{1,10}$/.exec(id)?.[1];
}

/** The 32-bit FNV-1a hash of nothing. */
export const emptyHash = 0x811c9dc5;

/** The hash of what `hash` is of with `text` behind it, in UTF-8. */
export function hashOn(hash: number, text: string): number {
  let grown = hash;
  for (const byte of Buffer.from(text)) grown = Math.imul(grown ^ byte, 0x01000193) >>> 0;
  return grown;
}
