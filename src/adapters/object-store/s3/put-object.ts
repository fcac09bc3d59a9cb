import { demand } from './demand.ts';
import type { S3Door } from './demand.ts';
import { isThere } from './read-parts.ts';
import { errorBytes } from './wanted.ts';
import { onlyIfAbsent } from './write-rules.ts';
import type { WriteRules } from './write-rules.ts';

/** Writes an object with one request where there is none. `taken` is also what a repetition after a lost answer finds. */
export async function putObject(
  door: S3Door,
  { key, body, bodyHash }: { readonly key: string; readonly body: Buffer; readonly bodyHash: string },
  rules: WriteRules,
  signal: AbortSignal,
): Promise<'written' | 'taken'> {
  const put = { method: 'PUT', key, query: {}, body, bodyHash, maxBytes: errorBytes } as const;
  if (rules.isConditional()) {
    const wanted = { ...put, headers: onlyIfAbsent };
    const asked = { wanted, right: 's3:PutObject', statuses: [200, 412, 501] } as const;
    const { status } = await demand(door, asked, signal);
    if (status === 412) return 'taken';
    if (status === 200) return 'written';
    rules.forgetConditions();
  }
  if (await isThere(door, key, signal)) return 'taken';
  await demand(door, { wanted: put, right: 's3:PutObject', statuses: [200] }, signal);
  return 'written';
}
