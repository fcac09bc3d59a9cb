import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { lineKey, type Release } from '../../domain/release.ts';
import { UserError } from '../../errors.ts';
import { releaseAddress } from '../../report/page/addresses.ts';
import { renderReleasesPage } from '../../report/page/releases-page.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import { fieldOf, type Streams } from './live/streams.ts';
import type { PageDeps } from './page-deps.ts';
import { readableRelease, releaseSource, showRelease } from './release-page.ts';
import { lineIn, listReleases } from './releases.ts';
import { sendPage } from './send-page.ts';
import { forVisitors, sendNotFound } from './visit.ts';

type ReleaseRequest = FastifyRequest<{ Params: { id: string } }>;

/** Carries out what a form asks for. @throws UserError where it makes no sense as things are. */
type Act = (release: Release, actor: string, form: URLSearchParams) => Promise<unknown>;

const longestReason = 300;

/** `GET /releases`, `GET /releases/:id`, its log as events, and what may be done about it. */
export function registerReleases(scope: FastifyInstance, deps: PageDeps, streams: Streams): void {
  const { access, clock, log } = deps;
  const { store, operations } = deps.releases;

  scope.get(
    '/releases',
    forVisitors(access, async (request, reply, visitor) => {
      const chosen = lineIn(fieldOf(request.query, 'line'));
      const list = await listReleases(store, visitor, chosen);
      return sendPage(reply, 200, renderReleasesPage({ ...list, chosen, now: clock.now(), visitor }));
    }),
  );

  scope.get(
    '/releases/:id',
    forVisitors<ReleaseRequest>(access, async ({ params: { id } }, reply, visitor) => {
      const page = await showRelease(id, deps, visitor);
      return page === undefined ? sendNotFound(reply) : sendPage(reply, 200, page);
    }),
  );

  scope.get(
    '/releases/:id/log',
    forVisitors<ReleaseRequest>(access, async (request, reply, visitor) => {
      const { id } = request.params;
      if ((await readableRelease(id, deps, visitor)) === undefined) return sendNotFound(reply);
      return streams.open(request, reply, `release/${id}`, releaseSource(id, deps));
    }),
  );

  function act(action: string, does: Act): void {
    scope.post(`/releases/:id/${action}`, async (request: ReleaseRequest, reply): Promise<FastifyReply> => {
      const actor = await access.actorOf(request, reply);
      if (actor === undefined) return reply;
      const { id } = request.params;
      const release = await readableRelease(id, deps, actor);
      if (release === undefined) return sendNotFound(reply);
      const { host, repositoryId } = release.line;
      if (!(await actor.mayAct({ host, id: repositoryId })))
        return notDone(reply, 403, 'This is for those who may push to the repository.');
      try {
        const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
        await does(release, actor.name, form);
      } catch (thrown) {
        if (!(thrown instanceof UserError) || thrown.code === 'host-away') throw thrown;
        return notDone(reply, 409, `${sentence(thrown.message)} ${thrown.remedy}`);
      }
      const about = { release: id, line: lineKey(release.line), actor: actor.name, action };
      log.info(about, 'a deed was done on the page of a release');
      return reply.header('cache-control', 'no-store').redirect(releaseAddress(id), 303);
    });
  }

  act('retry', ({ id }, actor) => operations.retry(id, { actor }));

  act('hold', ({ line }, actor, form) => {
    const reason = (form.get('reason') ?? '').trim().slice(0, longestReason);
    if (reason === '')
      throw new UserError(
        'no-reason',
        'a hold needs a reason',
        'Everybody who waits for a release reads it: go back and give one.',
      );
    return operations.hold(lineKey(line), { actor, reason });
  });

  // A release that is held itself is what the page shows; the line's hold is lifted where that is what holds it.
  act('resume', ({ id, line, hold, outcome }, actor) =>
    operations.resume(hold !== undefined && outcome === undefined ? id : lineKey(line), { actor }),
  );
}

function notDone(reply: FastifyReply, code: number, words: string): FastifyReply {
  return sendPage(reply, code, renderMessagePage('Not done', words));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
