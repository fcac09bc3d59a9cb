import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGithubClient } from '../../../src/adapters/github/client.ts';
import { createDirectory, type Directory } from '../../../src/adapters/github/directory.ts';
import { createInRepository, type InRepository } from '../../../src/adapters/github/in-repository.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { createKeptLog } from '../../support/log.ts';
import { appPermissions, createGithubWorld, githubKeys, type GithubWorld } from './github-world.ts';

const never = new AbortController().signal;
const route = 'GET /pulls';
let world: GithubWorld;
let time: number;
let dispatchers: ReturnType<typeof createDispatchers>;
let kept: ReturnType<typeof createKeptLog>;

beforeEach(async () => {
  world = await createGithubWorld();
  dispatchers = createDispatchers();
  kept = createKeptLog();
  time = Date.now();
});
afterEach(async () => {
  await dispatchers.close();
  await world.dispose();
});

interface Made {
  readonly directory: Directory;
  readonly repositories: InRepository;
}

function make(patterns: readonly string[] = [], token?: string): Made {
  const clock = { now: () => new Date(time), after: () => () => {}, sleep: async () => {} };
  const credentials =
    token === undefined
      ? ({ kind: 'app', id: world.app.id, privateKey: () => githubKeys.private } as const)
      : ({ kind: 'token', token: () => token } as const);
  const config = { id: 'hub', url: world.sandbox.url, credentials };
  const client = createGithubClient(config, { clock, dispatchers });
  const named = (path: string): boolean => !path.endsWith('/other');
  const directory = createDirectory({ client, clock, log: kept.log, patterns, named });
  return { directory, repositories: createInRepository(client, directory, clock) };
}

const lists = (): number =>
  world.sandbox.requests.filter(({ path }) => path === '/installation/repositories').length;
const read = ({ repositories }: Made, repositoryId = world.repository.id) =>
  repositories.send({ repositoryId, route, purpose: 'read' }, never);
const paths = async ({ directory }: Made) =>
  (await directory.list(never)).map(({ owner, name }) => `${owner}/${name}`).toSorted();

describe('an App', () => {
  test('a repository — asked for again and by several at once — is listed once', async () => {
    const made = make();

    await Promise.all([read(made), read(made), read(made)]);
    await read(made);

    expect(lists()).toBe(1);
  });

  test('an id that is not there — asked for again — is looked for once a minute', async () => {
    const made = make();

    for (const _ of [1, 2, 3])
      await expect(read(made, '999')).rejects.toMatchObject({ code: 'host-not-found' });
    expect(lists()).toBe(1);
    time += 60_000;
    await expect(read(made, '999')).rejects.toMatchObject({ code: 'host-not-found' });
    expect(lists()).toBe(2);
  });

  test('a repository that the configuration does not name — is not there', async () => {
    world.sandbox.addOrganization('second');
    world.sandbox.install(world.app, 'second');
    const other = await world.sandbox.createRepository({ name: 'second/other', creator: 'owner' });

    expect(await paths(make())).toEqual(['acme/auto-mpg']);
    await expect(read(make(), String(other.id))).rejects.toMatchObject({ code: 'host-not-found' });
  });

  test('several — are listed by when they were pushed to last', async () => {
    world.sandbox.addOrganization('second');
    world.sandbox.install(world.app, 'second');
    for (const name of ['second/old', 'second/new'])
      (await world.sandbox.createRepository({ name, creator: 'owner' })).pushedAt = new Date(
        name === 'second/old' ? '2020-01-01' : '2090-01-01',
      );

    const listed = await make().directory.list(never);
    expect(listed.map(({ name }) => name)).toEqual(['new', 'auto-mpg', 'old']);
  });

  test('a renamed repository — is found under its new name, at once', async () => {
    const made = make();
    await read(made);

    world.sandbox.renameRepository(world.acme, 'renamed');

    expect((await read(made)).data).toEqual([]);
    expect(lists()).toBe(2);
  });

  test('a renamed repository — written to — is written to once', async () => {
    const made = make();
    const number = await world.openChange();
    await read(made);
    world.sandbox.renameRepository(world.acme, 'renamed');

    const comment = { route: `POST /issues/${number}/comments`, parameters: { body: 'hello' } };
    await made.repositories.send({ ...comment, repositoryId: world.repository.id, purpose: 'write' }, never);

    expect(await world.shownComments(number)).toHaveLength(1);
  });

  test('installed anew — the next request — goes through the new installation', async () => {
    const made = make();
    await read(made);
    world.sandbox.uninstall(world.installation);
    world.sandbox.install(world.app, 'acme');
    time += 61_000;

    expect((await read(made)).data).toEqual([]);
    expect(await made.repositories.gitToken(world.repository.id, never)).toMatch(/^ghs_/);
  });

  test('uninstalled — the next request — finds nothing, and so does the one after', async () => {
    const made = make();
    await read(made);
    world.sandbox.uninstall(world.installation);
    time += 61_000;

    await expect(read(made)).rejects.toMatchObject({ code: 'host-not-found' });
    await expect(read(made)).rejects.toMatchObject({ code: 'host-not-found' });
  });

  test('a permission that was not given — asked for again — is refused, listed once a minute', async () => {
    world.sandbox.acceptPermissions(world.installation, { ...appPermissions, pull_requests: 'read' });
    const made = make();
    const write = { repositoryId: world.repository.id, route, purpose: 'write' } as const;

    for (const _ of [1, 2, 3])
      await expect(made.repositories.send(write, never)).rejects.toMatchObject({ code: 'host-forbidden' });
    expect(lists()).toBe(1);
    time += 61_000;
    await expect(made.repositories.send(write, never)).rejects.toMatchObject({ code: 'host-forbidden' });
    expect(lists()).toBe(2);
  });

  test('a suspended installation — is left out, and the others stay', async () => {
    world.sandbox.addOrganization('second');
    await world.sandbox.createRepository({ name: 'second/model', creator: 'owner' });
    world.sandbox.install(world.app, 'second');
    expect(await paths(make())).toEqual(['acme/auto-mpg', 'second/model']);

    world.sandbox.suspend(world.installation);

    expect(await paths(make())).toEqual(['second/model']);
  });

  test('an installation that cannot be read just now — is named in the log, and the others stay', async () => {
    world.sandbox.addOrganization('second');
    await world.sandbox.createRepository({ name: 'second/model', creator: 'owner' });
    world.sandbox.install(world.app, 'second');
    const taken = world.sandbox.observe(({ path }) => {
      if (path === '/app/installations') world.sandbox.suspend(world.installation);
    });

    expect(await paths(make())).toEqual(['second/model']);
    taken();
    expect(kept.messages()).toEqual(['an installation of the App cannot be read']);
  });

  test('an archived repository — is left out', async () => {
    world.sandbox.archive(world.acme);

    expect(await paths(make())).toEqual([]);
  });

  test('more than a page of repositories — are all there', async () => {
    for (let n = 0; n < 101; n += 1)
      await world.sandbox.createRepository({ name: `acme/model-${n}`, creator: 'owner' });

    expect(await paths(make())).toHaveLength(102);
  });
});

describe('a token', () => {
  const token = 'ghp_our-own-token';

  test('its repositories — are the configured ones, asked for one by one', async () => {
    expect(await paths(make(['acme/auto-mpg', 'acme/none'], token))).toEqual(['acme/auto-mpg']);
    expect(kept.messages()).toEqual(['a configured repository cannot be read']);
  });

  test('a renamed repository — is told in the log, and the others stay', async () => {
    const collaborators = { 'modelgate-user': 'write' } as const;
    await world.sandbox.createRepository({ name: 'acme/second', creator: 'owner', collaborators });
    world.sandbox.renameRepository(world.acme, 'renamed');

    expect(await paths(make(['acme/auto-mpg', 'acme/second'], token))).toEqual(['acme/second']);
    expect(kept.lines).toMatchObject([{ fields: { repository: 'acme/auto-mpg' } }]);
  });
});

describe('tokens of an App', () => {
  const asked = () =>
    world.sandbox.requests.filter(({ path }) => path.endsWith('/access_tokens')).map(({ body }) => body);

  test('reading, writing, git — each token — is for one repository and what it is for', async () => {
    const { repositories } = make();
    const repositoryId = world.repository.id;

    await repositories.send({ repositoryId, route, purpose: 'read' }, never);
    await repositories.send({ repositoryId, route, purpose: 'write' }, never);
    await repositories.gitToken(repositoryId, never);

    const one = { repository_ids: [world.acme.id] };
    expect(asked()).toEqual([
      { permissions: { metadata: 'read' } },
      { ...one, permissions: { metadata: 'read', contents: 'read', pull_requests: 'read' } },
      { ...one, permissions: { metadata: 'read', checks: 'write', pull_requests: 'write' } },
      { ...one, permissions: { metadata: 'read', contents: 'read' } },
    ]);
  });
});
