import { expect } from 'vitest';
import type { RunScript } from '../../../src/sandbox/kubeflow/runs/script.ts';
import type { RunView } from '../../../src/sandbox/kubeflow/runs/view.ts';
import { defaultReleaseTiming } from '../../../src/release/world.ts';
import { loadKfpContract } from '../kfp-contract.ts';
import { eventually } from '../redis.ts';
import { expectClean } from '../story-end.ts';
import { storyTiming } from '../story-timing.ts';
import {
  createStoryWorld,
  type HostKind,
  type StoryChange,
  type StoryOptions,
  type StoryRepository,
  type StoryStatus,
  type StoryWorld,
} from '../story-world.ts';
import { knobsOf, scriptOf, writtenBy, type Fate } from './fates.ts';
import { startPlatform, type Mode, type Platform, type PlatformSecrets } from './platform.ts';
import { productionFiles, type ProductionWords } from './production-files.ts';

const contract = loadKfpContract();

/** What the platform asks for. */
const platformSecrets: PlatformSecrets & Readonly<Record<string, string>> = {
  KFP_TOKEN: 'kfp-story-Tok3n.of.the-run',
  KUBE_TOKEN: 'kube-story-Tok3n.of.the-cluster',
  MODELS_KEY: 'AKIASTORYMODELS',
  MODELS_SECRET: 'm0dels/secret+of/the+story==',
};

/** Waits as long as a busy machine may take for what takes a moment elsewhere. */
export function soon(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  return eventually(what, holds, 30_000);
}

/** A rollout that takes a moment. */
const quick = { createMs: 50, loadMs: 100, trafficMs: 50 };
/** A run's seconds become two hundredths of what they are. */
const fast = 0.005;

/** Further files of the first commit, and how its run goes otherwise. */
export interface NewProduct {
  readonly files?: Readonly<Record<string, string>>;
  readonly script?: Partial<RunScript>;
}

/** A repository that is released, and how it goes. */
export interface Product {
  readonly repository: StoryRepository;
  readonly service: string;
  /** The first commit on `main`. */
  readonly first: string;
  /** How runs and rollouts go from now on. */
  fate(fate: Fate, more?: Partial<RunScript>): void;
  /** Lets a run that is under way end well, soon. */
  finish(run: RunView | undefined, atEnd?: RunScript['atEnd']): void;
  /** Its runs on Kubeflow, oldest first. */
  runs(): readonly RunView[];
  /** The address of the model that the InferenceService has; undefined: there is none. */
  served(): string | undefined;
}

/** The world of a story, with a Kubeflow, a KServe and a store for models: its environment `prod`. */
export type ReleaseWorld<World extends StoryWorld = StoryWorld> = World & {
  readonly platform: Platform;
  /** A new repository whose policy releases `main`; its first commit is pushed, and released, at once. */
  produce(name: string, words?: ProductionWords, more?: NewProduct): Promise<Product>;
  /** The status `modelgate/production` that a commit shows, once it satisfies. */
  told(product: Product, sha: string, satisfies: (status: StoryStatus) => boolean): Promise<StoryStatus>;
  /** Resolves when a run of the product is under way, and was looked at twice since. */
  running(product: Product): Promise<RunView>;
  /** How often Kubeflow was asked to terminate a run. */
  terminations(run: RunView): number;
  /** Our comments about production below a change. */
  productionComments(change: StoryChange): readonly string[];
  /** What a page of the service says. */
  page(url: string): Promise<string>;
};

/** Starts the platform, and the service with the environment `prod` bound to all repositories. */
export async function createReleaseWorld<Kind extends HostKind>(
  options: StoryOptions & { readonly host: Kind; readonly mode?: Mode },
): Promise<ReleaseWorld<Awaited<ReturnType<typeof createStoryWorld<Kind>>>>> {
  const platform = await startPlatform(() => new Date(), options.mode ?? 'Knative', {
    kubeflow: { reportLagMs: 20 },
    service: quick,
    secrets: platformSecrets,
  });
  const { kubeflow, kubernetes } = platform;
  const config = `${environmentsOf(platform)}${options.config ?? ''}`;
  const release = { ...defaultReleaseTiming, ...storyTiming.release, handOverMs: 500 };
  const world = await createStoryWorld({
    ...options,
    config,
    secrets: platformSecrets,
    timing: { release, ...options.timing },
    // Older ones keep the first words of a status until its end.
    gitlab: { knobs: { idempotentStatuses: true }, ...options.gitlab },
  });

  async function produce(
    name: string,
    words: ProductionWords = {},
    { files = {}, script = {} }: NewProduct = {},
  ): Promise<Product> {
    const service = words.service ?? `auto-${name}`;
    const product = { service, fate, finish, runs, served };
    fate('good', script);
    const repository = await world.addRepository(`ml/${name}`);
    const first = await world.host.commit(repository, 'main', { ...productionFiles(name, words), ...files });
    return { ...product, repository, first };

    function fate(of: Fate, more: Partial<RunScript> = {}): void {
      kubernetes.script('serving', service, { ...quick, ...knobsOf(of) });
      kubeflow.play({ pipeline: name }, { ...fastScript(of), ...more });
    }

    function finish(run: RunView | undefined, atEnd = handOver('good')): void {
      kubeflow.play({ runId: run?.runId ?? '' }, { ...fastScript('good'), tasks: [], atEnd });
    }

    function fastScript(of: Fate): RunScript {
      const script = scriptOf(of, handOver(of));
      const tasks = (script.tasks ?? []).map((task) => ({ ...task, seconds: task.seconds * fast }));
      return { ...script, tasks, pendingSeconds: 0, terminateSeconds: 0.1 };
    }

    function runs(): readonly RunView[] {
      return kubeflow.runs().filter(({ pipeline }) => pipeline === name);
    }

    function served(): string | undefined {
      const uri = textAt(kubernetes.get('inferenceservices', 'serving', service), [
        'spec',
        'predictor',
        'model',
        'storageUri',
      ]);
      return uri;
    }
  }

  /** What a run does at its end: it knows of us what its parameters say. */
  function handOver(fate: Fate): (run: RunView) => void {
    return ({ parameters }) => {
      const { run, commit, manifest } = parameters;
      const of = { run: String(run), commit: String(commit), manifest: String(manifest) };
      for (const written of writtenBy(fate, of)) platform.put(...written);
    };
  }

  async function told(
    { repository }: Product,
    sha: string,
    satisfies: (status: StoryStatus) => boolean,
  ): Promise<StoryStatus> {
    const shown = () => world.host.production(repository, sha).findLast(({ hidden }) => !hidden);
    const isTold = (): boolean => {
      const status = shown();
      return status !== undefined && satisfies(status);
    };
    try {
      await soon('the status', isTold);
    } catch {
      const all = JSON.stringify(world.host.production(repository, sha), undefined, 1);
      throw new Error(`statuses are ${all}\n${world.lines.slice(-25).join('')}`);
    }
    const status = shown();
    if (status === undefined) throw new Error('no status');
    return status;
  }

  async function running(product: Product): Promise<RunView> {
    await soon('a run', () => product.runs().some(({ finishedAt }) => finishedAt === undefined));
    const run = product.runs().find(({ finishedAt }) => finishedAt === undefined);
    if (run === undefined) throw new Error('the run has ended');
    const looks = (): number => askedFor(`/runs/${run.runId}`);
    const before = looks();
    await soon('two more looks at the run', () => looks() > before + 1);
    return run;
  }

  function askedFor(path: string): number {
    return kubeflow.requests.filter((request) => request.path.endsWith(path)).length;
  }

  return {
    ...world,
    running,
    terminations: ({ runId }: RunView) => askedFor(`/runs/${runId}:terminate`),
    platform,
    produce,
    told,
    productionComments: (change: StoryChange) =>
      world.host
        .comments(change)
        .filter(
          ({ ours, text }) => ours && text.startsWith('<!-- modelgate:comment v1 modelgate production -->'),
        )
        .map(({ text }) => text),
    page: async (url: string) => (await fetch(url)).text(),
    async close() {
      await world.close();
      await platform.close();
    },
  };
}

/** As the docs have it: everything that is written to stands in the configuration. */
function environmentsOf({ kubeflow, kubernetes, s3 }: Platform): string {
  const credentials = '{ accessKeyId: "${MODELS_KEY}", secretAccessKey: "${MODELS_SECRET}" }';
  const store = (bucket: string): string =>
    `{ url: s3://${bucket}/, endpoint: "${s3.url}", credentials: ${credentials} }`;
  const environment = (name: string, perDay: number): string => `
  ${name}:
    repositories: ["ml/*"]
    releasesPerDay: ${perDay}
    kubeflow: { url: "${kubeflow.url}", namespace: ml, token: "\${KFP_TOKEN}", ui: "https://kubeflow.example.com/pipeline" }
    kserve: { namespace: serving, services: ["auto-*"], cluster: { url: "${kubernetes.url}", token: "\${KUBE_TOKEN}" } }
    publish: s3://models/serving/
    handover: s3://runs/handover/
    stores: [${store('models')}, ${store('runs')}]`;
  return `environments:${environment('prod', 100)}${environment('scarce', 1)}\n`;
}

/** What every story of releases has to leave behind: as others, and a platform that was asked properly. */
export async function expectCleanRelease(world: ReleaseWorld): Promise<void> {
  await expectClean(world);
  const { kubeflow, kubernetes } = world.platform;
  expect(kubeflow.requests.length + kubernetes.requests.length).toBeGreaterThan(0);
  if (contract.kind === 'contract')
    expect(kubeflow.requests.flatMap((request) => contract.requestViolations(request))).toEqual([]);
  const refused = kubernetes.requests.filter(({ status }) => ![200, 201, 404, 409].includes(status));
  expect(refused.map(({ method, path, status }) => `${method} ${path}: ${status}`)).toEqual([]);
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
  return typeof found === 'string' ? found : undefined;
}
