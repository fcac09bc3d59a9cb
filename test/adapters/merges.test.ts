import { afterEach, describe, expect, test } from 'vitest';
import { createGithubReceiver } from '../../src/adapters/github/receiver.ts';
import { createGitlabReceiver } from '../../src/adapters/gitlab/receiver.ts';
import type { Event } from '../../src/domain/event.ts';
import { toSha } from '../../src/domain/repository.ts';
import type { DeploymentStatus, Received, Receiver } from '../../src/ports/host.ts';
import type { HostWorld, MergeStyle } from '../contracts/host.ts';
import { createGithubWorld } from './github/github-world.ts';
import { createGitlabWorld } from './gitlab/gitlab-world.ts';

const secret = 'a hook secret';
/** Nobody listens there: what the host tried to send is kept all the same. */
const url = 'http://127.0.0.1:9/';
const never = new AbortController().signal;

/** A host with a webhook for everything that it can tell of. */
interface Told {
  readonly world: HostWorld;
  /** What it told since the last look. */
  told(): Promise<readonly Received[]>;
  pushTag(name: string, sha: string): Promise<void>;
}

interface Sent {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
}

function listenTo(
  receiver: Receiver,
  sandbox: { readonly deliveries: readonly Sent[]; idle(): Promise<void> },
): Told['told'] {
  let looked = 0;
  return async () => {
    await sandbox.idle();
    const fresh = sandbox.deliveries.slice(looked);
    looked = sandbox.deliveries.length;
    return fresh.map(({ requestHeaders, requestBody }) => {
      const lower = Object.entries(requestHeaders).map(([name, value]) => [name.toLowerCase(), value]);
      return receiver.receive(
        { headers: Object.fromEntries(lower), body: Buffer.from(requestBody) },
        new Date(),
      );
    });
  };
}

async function onGitlab(): Promise<Told> {
  const world = await createGitlabWorld({ knobs: { autoDisableHooks: false } });
  const { sandbox, project } = world;
  sandbox.addHook(project, { url, secretToken: secret });
  const receiver = createGitlabReceiver({
    id: 'corp',
    url: sandbox.url,
    secrets: () => [secret],
    repositories: () => true,
  });
  return {
    world,
    told: listenTo(receiver, sandbox),
    pushTag: (name, sha) => sandbox.push(project, `refs/tags/${name}`, sha),
  };
}

async function onGithub(): Promise<Told> {
  const world = await createGithubWorld();
  const { sandbox, acme } = world;
  sandbox.addHook(acme, { url, secret, events: ['*'] });
  const receiver = createGithubReceiver({
    id: 'hub',
    url: 'https://github.com',
    secrets: () => [secret],
    repositories: () => true,
  });
  return {
    world,
    told: listenTo(receiver, sandbox),
    pushTag: (name, sha) => sandbox.push(acme, `refs/tags/${name}`, sha),
  };
}

const hosts: readonly (readonly [string, () => Promise<Told>])[] = [
  ['GitLab', onGitlab],
  ['GitHub', onGithub],
];

describe.each(hosts)('%s tells of merges', (_name, begin) => {
  let host: Told;
  afterEach(() => host.world.dispose());

  async function events(): Promise<readonly Event[]> {
    const received = await host.told();
    expect(received.filter(({ kind }) => kind === 'rejected' || kind === 'malformed')).toEqual([]);
    return received.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
  }

  function repository() {
    return { host: host.world.host.id, ...host.world.repository };
  }

  async function tip(): Promise<string | undefined> {
    return (await host.world.host.changes.tip(repository().id, 'main', never))?.sha;
  }

  test.each<MergeStyle>(['merge', 'squash', 'fast-forward', 'squash-fast-forward', 'push'])(
    '%s — the branch moved to its new tip, and the change was touched',
    async (style) => {
      host = await begin();
      const number = await host.world.openChange();
      const before = await tip();
      await events();

      const after = await host.world.mergeChange(number, style);
      const told = await events();

      const moved = { kind: 'branch-moved', repository: repository(), branch: 'main', before, after };
      expect(told.filter(({ kind }) => kind === 'branch-moved')).toEqual([moved]);
      expect(told).toContainEqual(
        expect.objectContaining({ kind: 'change-touched', repository: repository(), number }),
      );
      expect(await tip()).toBe(after);
    },
  );

  test('a push past all changes, a branch that comes and goes, and a tag — branches move, tags are ignored', async () => {
    host = await begin();
    const before = await tip();
    await events();
    const after = await host.world.commit('main');
    const made = await host.world.commit('release/1.0');
    await host.world.deleteBranch('release/1.0');
    await host.pushTag('v1', after);

    const at = { kind: 'branch-moved', repository: repository() } as const;
    expect(await events()).toEqual([
      { ...at, branch: 'main', before, after },
      { ...at, branch: 'release/1.0', before: undefined, after: made },
      { ...at, branch: 'release/1.0', before: made, after: undefined },
    ]);
  });

  test('what we show of production — means nothing when it comes back', async () => {
    host = await begin();
    const sha = toSha(await host.world.commit('main'));
    if (sha === undefined) throw new Error('no commit');
    await events();
    const commit = { repository: repository(), branch: 'main', sha, environment: 'prod' };
    const { production } = host.world.host;
    for (const state of ['running', 'success'] as const) {
      const status: DeploymentStatus = {
        state,
        description: state,
        url: 'https://modelgate.example.com/releases/1',
        release: 'release-1',
        environmentUrl: undefined,
      };
      await production.setStatus(commit, status, {}, never);
      await production.setDeployment(commit, status, {}, never);
    }

    const received = await host.told();
    expect(new Set(received.map(({ kind }) => kind))).toEqual(new Set(['ignored']));
    const reasons = received.map((one) => ('reason' in one ? one.reason : ''));
    expect(reasons.join('\n')).toContain('deployment');
  });
});
