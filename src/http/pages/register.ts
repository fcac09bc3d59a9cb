import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isRunGroup, renderRunsPage } from '../../report/page/runs-page.ts';
import type { RepositoryId } from '../access/visitor.ts';
import { answerTrouble } from './answer-trouble.ts';
import { registerAssets } from './assets.ts';
import { registerChanges } from './register-changes.ts';
import { registerReleases } from './register-releases.ts';
import { registerRuns } from './register-runs.ts';
import { listRuns } from './list-runs.ts';
import { createStreams, fieldOf } from './live/streams.ts';
import { registerOperations } from './operations.ts';
import type { PageDeps } from './page-deps.ts';
import { addPauseNotice } from './pause-notice.ts';
import { sendPage } from './send-page.ts';
import { forVisitors } from './visit.ts';

/** `GET /`, the pages of runs, releases and changes, and what they are made of, for those who may read them. */
export function registerPages(app: FastifyInstance, deps: PageDeps): void {
  const { access, clock, log } = deps;
  const streams = createStreams({ clock, log });

  registerOperations(app, { ...deps.operations, access, log });

  void app.register(async (scope) => {
    scope.addHook('preClose', async () => streams.end());
    addPauseNotice(scope, deps.operations.operations);
    const shown = 'The results cannot be read at the moment. Load this page again in a minute.';
    answerTrouble(scope, { shown, logged: 'a page could not be made' }, { log, clock });
    scope.get(
      '/',
      forVisitors(access, async (request, reply, visitor) => {
        const repository = repositoryOf(request);
        const group = fieldOf(request.query, 'show');
        const list = await listRuns(deps.runLists, visitor, repository);
        const view = { ...list, repository, group: isRunGroup(group) ? group : undefined };
        return sendPage(reply, 200, renderRunsPage({ ...view, now: clock.now(), visitor }));
      }),
    );
    takeForms(scope);
    registerRuns(scope, deps, streams);
    registerReleases(scope, deps, streams);
    registerChanges(scope, deps, streams);
  });
  registerAssets(app);
}

/** Our forms have one short field at most; handlers get it as text. */
function takeForms(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { bodyLimit: 4096, parseAs: 'string' },
    (_request, body, done) => done(null, body),
  );
}

/** `?repository=corp/12` */
function repositoryOf({ query }: FastifyRequest): RepositoryId | undefined {
  const text = fieldOf(query, 'repository');
  const [, host, id] =
    (typeof text === 'string' ? /^([\w.-]{1,128})\/([\w.-]{1,128})$/.exec(text) : null) ?? [];
  return host === undefined || id === undefined ? undefined : { host, id };
}
