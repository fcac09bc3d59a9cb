import type { Unknown } from '../../../domain/verdict.ts';

/** What could not be known of many objects, told once per reason. */
export interface Troubles {
  note(
    trouble: { readonly cause: Unknown['cause']; readonly message: string },
    where: { readonly key: string; readonly url: string },
  ): void;
  list(): readonly Unknown[];
}

interface Entry {
  readonly cause: Unknown['cause'];
  readonly message: string;
  readonly key: string;
  readonly url: string;
  count: number;
}

/** Without entries; one is made for each remote, cause and message, and names the first object it met. */
export function createTroubles(): Troubles {
  const entries = new Map<string, Entry>();
  return {
    note({ cause, message }, { key, url }) {
      const id = JSON.stringify([url, cause, message]);
      const entry = entries.get(id);
      if (entry === undefined) entries.set(id, { cause, message, key, url, count: 1 });
      else entry.count += 1;
    },
    list: () => [...entries.values()].map(toUnknown),
  };
}

function toUnknown({ cause, message, key, url, count }: Entry): Unknown {
  const what =
    count === 1 ? `object ${key} on ${url}` : `${count} objects on ${url}, the first of them ${key}`;
  return { what, cause, message, remedy: remedies[cause] };
}

const remedies: Partial<Record<Unknown['cause'], string>> = {
  forbidden:
    'give the credential read and list permission on the remote (S3 answers 403 for an absent key without s3:ListBucket)',
  unreachable: 'nothing to do in the repository: the objects are asked for again',
  limit: 'raise limits.objects or limits.listingBytes in the server configuration',
};
