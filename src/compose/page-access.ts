import { apiUrlOf } from '../adapters/github/index.ts';
import { createGithubIdentity } from '../adapters/identity/github.ts';
import { createGitlabIdentity } from '../adapters/identity/gitlab.ts';
import type { Config } from '../config/config.ts';
import { createCookies } from '../http/access/cookies.ts';
import { isLoopbackName } from '../http/access/origin.ts';
import { createPasswordAccess } from '../http/access/password.ts';
import { rememberPermissions, type Permissions } from '../http/access/permissions.ts';
import { createPersonAccess } from '../http/access/person-access.ts';
import type { SignInDeps, SignInHost } from '../http/access/sign-in.ts';
import type { Access } from '../http/access/visitor.ts';
import type { Identity } from '../ports/identity.ts';
import type { People } from '../ports/host.ts';
import type { Sessions } from '../ports/sessions.ts';
import type { Foundation } from './foundation.ts';
import { connectHosts } from './hosts.ts';

/** What a host gets to say what somebody may do: they wait for a page. Milliseconds. */
const permissionMs = 8000;

/** Who may see the pages, as the configuration has it, and where people sign in, if they can. */
export function createPageAccess(
  foundation: Foundation,
  sessions: Sessions,
): { readonly access: Access; readonly signIn: SignInDeps | undefined } {
  const { config, log, clock } = foundation;
  const { pages, listen } = config;
  const { publicUrl } = listen;
  const settings = { ...pages, publicUrl, loopback: isLoopbackName(listen.host) };
  if (pages.signIn.length === 0 && pages.proxy === undefined)
    return { access: createPasswordAccess(settings, { log, clock }), signIn: undefined };
  const cookies = createCookies({ secure: publicUrl.startsWith('https:') });
  const permissions = rememberPermissions(askHosts(foundation), { log, clock });
  const signsIn = pages.signIn.length > 0;
  return {
    access: createPersonAccess(
      { ...settings, signIn: signsIn },
      { sessions, permissions, cookies, log, clock },
    ),
    signIn: signsIn
      ? { hosts: signInHosts(foundation), sessions, cookies, publicUrl, log, clock }
      : undefined,
  };
}

/** The hosts' own answers, with the service's credentials. */
function askHosts(foundation: Foundation): Permissions {
  const hosts = connectHosts(foundation, undefined);
  const peopleOf = (id: string): People => {
    const connected = hosts.get(id);
    if (connected === undefined) throw new Error(`there is no host ${id}`);
    return connected.host.people;
  };
  const signal = (): AbortSignal => AbortSignal.timeout(permissionMs);
  return {
    mayRead: async (host, repository, person) => peopleOf(host).mayRead(repository, person, signal()),
    mayPush: async (host, repository, person) => peopleOf(host).mayPush(repository, person, signal()),
    idOf: async (host, login) => peopleOf(host).idOf(login, signal()),
  };
}

function signInHosts(foundation: Foundation): readonly SignInHost[] {
  const { pages, hosts } = foundation.config;
  return pages.signIn.flatMap((row) => {
    const host = hosts.find(({ id }) => id === row.host);
    if (host === undefined) return [];
    const product = host.kind === 'github' ? 'GitHub' : 'GitLab';
    const label = `${product} (${host.id})`;
    return [{ host: host.id, label, identity: identityOf(host, row, foundation), secret: row.clientSecret }];
  });
}

type HostRow = Config['hosts'][number];

function identityOf(
  host: HostRow,
  { clientId, clientSecret }: Config['pages']['signIn'][number],
  { dispatchers, clock }: Foundation,
): Identity {
  const { id, url, ca } = host;
  const settings = { host: id, url, clientId, clientSecret, tls: ca === undefined ? {} : { ca } };
  return host.kind === 'github'
    ? createGithubIdentity({ ...settings, apiUrl: apiUrlOf(url) }, { dispatchers })
    : createGitlabIdentity(settings, { dispatchers, clock });
}
