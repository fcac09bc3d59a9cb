import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkingCopy } from '../../src/adapters/git/working-copy.ts';
import { createBoundStores } from '../../src/adapters/object-store/open-bound-stores.ts';
import { createClock } from '../../src/adapters/system/clock.ts';
import type { Judgement } from '../../src/domain/verdict.ts';
import { judge } from '../../src/gate/judge.ts';
import { defaultLimits } from '../../src/limits.ts';
import { createDispatchers } from '../../src/net/dispatchers.ts';
import { createS3Sandbox } from '../../src/sandbox/s3/sandbox.ts';
import { makeRepository, type CommitSpec } from './git-repository.ts';
import type { Example } from './rule-page.ts';

/** Judges an example of a rule's page as the server would: real git, a real S3 server, remotes bound by url. */
export async function judgeExample(example: Example): Promise<Judgement> {
  const directory = await mkdtemp(join(tmpdir(), 'modelgate-example-'));
  const urls = Object.keys(example.remotes);
  const buckets = Object.fromEntries(
    urls.map((url) => [bucketOf(url), { versioned: isVersioned(example, url) }]),
  );
  const s3 = await createS3Sandbox({ buckets });
  const dispatchers = createDispatchers();
  try {
    await makeRepository(directory, commitsOf(example));
    for (const url of urls) putObjects(s3, url, example);
    const signal = AbortSignal.timeout(30_000);
    const copy = await openWorkingCopy(directory, {
      target: 'main',
      committed: true,
      environment: process.env,
      signal,
    });
    const bindings = urls.map((url) => ({ url, endpoint: s3.url, credentials: 'anonymous' as const }));
    const surroundings = { env: {}, home: '/nowhere', readFile: () => Promise.resolve(undefined) };
    const stores = createBoundStores(bindings, {
      dispatchers,
      clock: createClock(),
      random: () => 0,
      ...surroundings,
    });
    const deps = { stores, limits: defaultLimits, targetBranch: 'main', progress: () => undefined };
    try {
      return await judge(copy.snapshot, deps, signal);
    } finally {
      await copy.close();
    }
  } finally {
    await dispatchers.close();
    await s3.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Common ancestor, then the target on `main`, then the change beside it. A target without files gets a README. */
function commitsOf(example: Example): readonly CommitSpec[] {
  const readme = { 'README.md': 'An example.\n' };
  const base = { ...readme, ...(Object.keys(example.base).length > 0 ? example.base : example.target) };
  return [
    { branch: 'main', files: base },
    { branch: 'change', from: 'main', files: { ...readme, ...example.change } },
    { branch: 'main', from: 'main', files: { ...readme, ...example.target } },
    { branch: 'change', from: 'change', files: { ...readme, ...example.change } },
  ];
}

function putObjects(s3: Awaited<ReturnType<typeof createS3Sandbox>>, url: string, example: Example): void {
  const prefix = new URL(url).pathname.replace(/^\/|\/$/g, '');
  for (const { key, content, version } of example.remotes[url] ?? []) {
    const options = version === undefined ? {} : { versionId: version };
    s3.put(bucketOf(url), prefix === '' ? key : `${prefix}/${key}`, content, options);
  }
}

function bucketOf(url: string): string {
  return new URL(url).hostname;
}

function isVersioned(example: Example, url: string): boolean {
  return (example.remotes[url] ?? []).some((object) => object.version !== undefined);
}
