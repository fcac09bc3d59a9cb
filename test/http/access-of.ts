import type { Access, RepositoryId } from '../../src/http/access/visitor.ts';

/** Who may do what, as a host would say it; repositories as `corp/12`. */
export interface Rights {
  readonly name?: string;
  readonly mayRead: readonly string[];
  readonly mayAct?: readonly string[];
  readonly signedIn?: boolean;
}

/** Access for one visitor, with what was asked about them. */
export function accessOf({
  name = 'alice at corp',
  mayRead,
  mayAct = [],
  signedIn = false,
}: Rights): Access & {
  readonly asked: string[];
} {
  const asked: string[] = [];
  const visitor = {
    name,
    operator: false,
    signedIn,
    async mayRead({ host, id }: RepositoryId) {
      asked.push(`${host}/${id}`);
      return mayRead.includes(`${host}/${id}`);
    },
    mayAct: async ({ host, id }: RepositoryId) => mayAct.includes(`${host}/${id}`),
  };
  return { asked, visitorOf: async () => visitor, actorOf: async () => visitor };
}
