import type { FastifyInstance } from 'fastify';
import { createGithubIdentity } from '../../../src/adapters/identity/github.ts';
import { createGitlabIdentity } from '../../../src/adapters/identity/gitlab.ts';
import { connectProducer } from '../../../src/adapters/redis/connect.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createSessions } from '../../../src/adapters/redis/sessions.ts';
import { RetryableError } from '../../../src/errors.ts';
import { awayPage } from '../../../src/http/access/away-page.ts';
import { createCookies } from '../../../src/http/access/cookies.ts';
import { rememberPermissions } from '../../../src/http/access/permissions.ts';
import { createPersonAccess, type PersonAccessSettings } from '../../../src/http/access/person-access.ts';
import { buildApp } from '../../../src/http/app.ts';
import { sendPage } from '../../../src/http/pages/send-page.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { createIdentitySandbox, type IdentitySandbox } from '../../../src/sandbox/identity/sandbox.ts';
import { createHandClock, type HandClock } from '../../support/hand-clock.ts';
import { createKeptLog, type LoggedLine } from '../../support/log.ts';
import { eventually } from '../../support/redis.ts';
import { outagesTo } from '../../support/outages.ts';
import { createBrowser, type Browser } from './browser.ts';

/** The sign-in with two hosts, their stand-ins, and one page for each repository. */
export interface AccessWorld {
  readonly app: FastifyInstance;
  readonly gitlab: IdentitySandbox;
  readonly github: IdentitySandbox;
  readonly clock: HandClock;
  readonly lines: readonly LoggedLine[];
  /** `corp/12/7`: the person 7 of corp may read, or push to, the repository 12. */
  readonly readers: Set<string>;
  readonly pushers: Set<string>;
  /** Names that the host knows, and their ids. */
  readonly logins: Map<string, string>;
  /** Questions that reached the hosts. */
  readonly asked: string[];
  /** Hosts that do not answer questions now. */
  readonly away: Set<string>;
  browser(): Browser;
  close(): Promise<void>;
}

export interface AccessOptions extends Partial<PersonAccessSettings> {
  /** Hosts to sign in with; both unless named. */
  readonly hosts?: readonly ('corp' | 'hub')[];
}

export const secrets = { corp: 'gloas-secret-of-corp', hub: 'secret-of-hub' } as const;
const accounts = [
  { id: 7, login: 'alice', name: 'Alice Example' },
  { id: 8, login: 'bob', name: '' },
];

export async function startAccess(redisUrl: string, options: AccessOptions = {}): Promise<AccessWorld> {
  const { hosts: wanted = ['corp', 'hub'], ...more } = options;
  const publicUrl = options.publicUrl ?? 'https://modelgate.example.com';
  const clock = createHandClock(new Date().toISOString());
  const { log, lines } = createKeptLog();
  const redis = connectProducer(redisUrl, outagesTo(log));
  await eventually('connected', () => redis.status === 'ready');
  const dispatchers = createDispatchers();
  const gitlab = await createIdentitySandbox({ kind: 'gitlab', accounts });
  const github = await createIdentitySandbox({ kind: 'github', accounts });
  for (const [host, sandbox] of [
    ['corp', gitlab],
    ['hub', github],
  ] as const)
    sandbox.register({
      id: 'modelgate',
      secret: secrets[host],
      redirectUris: [`${publicUrl}/sign-in/${host}/callback`],
    });

  const [readers, pushers, away] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const logins = new Map<string, string>();
  const asked: string[] = [];
  async function ask<Value>(question: string, host: string, answer: Value): Promise<Value> {
    asked.push(question);
    if (away.has(host)) throw new RetryableError(`GitLab ${host}: 10.1.2.3 refuses connections`);
    return answer;
  }
  const permissions = rememberPermissions(
    {
      mayRead: (host, repository, person) =>
        ask(`read ${host}/${repository}/${person}`, host, readers.has(`${host}/${repository}/${person}`)),
      mayPush: (host, repository, person) =>
        ask(`push ${host}/${repository}/${person}`, host, pushers.has(`${host}/${repository}/${person}`)),
      idOf: (host, login) => ask(`id ${host}/${login}`, host, logins.get(login)),
    },
    { log, clock },
  );
  const sessions = createSessions(redis, createKeys('t'), clock);
  const cookies = createCookies({ secure: publicUrl.startsWith('https:') });
  const settings = { publicUrl, operators: [], signIn: wanted.length > 0, loopback: false, ...more };
  const access = createPersonAccess(settings, { sessions, permissions, cookies, log, clock });
  const config = { clientId: 'modelgate', tls: {} };
  const ways = {
    corp: {
      host: 'corp',
      label: 'GitLab (corp)',
      identity: createGitlabIdentity(
        { ...config, host: 'corp', url: gitlab.url, clientSecret: () => secrets.corp },
        { dispatchers, clock },
      ),
      secret: () => secrets.corp,
    },
    hub: {
      host: 'hub',
      label: 'GitHub (hub)',
      identity: createGithubIdentity(
        {
          ...config,
          host: 'hub',
          url: github.url,
          apiUrl: `${github.url}/api/v3`,
          clientSecret: () => secrets.hub,
        },
        { dispatchers },
      ),
      secret: () => secrets.hub,
    },
  };
  const signIn = { hosts: wanted.map((host) => ways[host]), sessions, cookies, publicUrl, log, clock };
  const app = buildApp({ log, signIn: settings.signIn ? signIn : undefined });
  void app.register(async (scope) => servePages(scope));

  function servePages(scope: FastifyInstance): void {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, _body, done) => done(null),
    );
    scope.setErrorHandler((error, _request, reply) => {
      const page = awayPage(error);
      return page === undefined ? reply.code(500).send(String(error)) : sendPage(reply, 503, page);
    });
    scope.get<{ Params: { host: string; id: string } }>('/of/:host/:id', async (request, reply) => {
      const visitor = await access.visitorOf(request, reply);
      if (visitor === undefined) return reply;
      if (!(await visitor.mayRead(request.params))) return reply.code(404).send('no such page');
      return `${visitor.name}${visitor.operator ? ', operator' : ''}`;
    });
    scope.post<{ Params: { host: string; id: string } }>('/of/:host/:id/retry', async (request, reply) => {
      const actor = await access.actorOf(request, reply);
      if (actor === undefined) return reply;
      return (await actor.mayAct(request.params))
        ? `done by ${actor.name}`
        : reply.code(403).send('not yours');
    });
  }

  return {
    app,
    gitlab,
    github,
    clock,
    lines,
    readers,
    pushers,
    logins,
    asked,
    away,
    browser: () => createBrowser(app, publicUrl),
    async close() {
      await app.close();
      await gitlab.close();
      await github.close();
      await dispatchers.close();
      redis.disconnect();
    },
  };
}
