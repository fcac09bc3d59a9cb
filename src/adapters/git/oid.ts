import type { Oid, Sha } from '../../domain/repository.ts';

/** Git's own output as an object id. @throws TypeError for anything but hex of the right length: a defect of ours. */
export function toOid(text: string): Oid {
  if (isOid(text)) return text;
  throw new TypeError(`not an object id: ${JSON.stringify(text.slice(0, 80))}`);
}

/** The same for the id of a commit. @throws TypeError */
export function toCommit(text: string): Sha {
  if (isCommit(text)) return text;
  throw new TypeError(`not a commit id: ${JSON.stringify(text.slice(0, 80))}`);
}

const form = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function isOid(text: string): text is Oid {
  return form.test(text);
}

function isCommit(text: string): text is Sha {
  return form.test(text);
}
