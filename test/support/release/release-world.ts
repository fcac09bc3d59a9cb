import { expect } from 'vitest';
import type { RunScript } from '../../../src/sandbox/kubeflow/runs/script.ts';
import type { RunView } from '../../../src/sandbox/kubeflow/runs/view.ts';
import { loadKfpContract } from '../kfp-contract.ts';
import { eventually } from '../redis.ts';
import { expectClean } from '../story-end.ts';
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

/** A rollout that takes a moment. */
const quick = { createMs: 50, loadMs: 100, trafficMs: 50 };
/** A run's seconds become hundredths of them. */
const fast = 0.01;

/** A repository that is released, and how it goes. */
export interface Product {
  readonly repository: StoryRepository;
  readonly service: string;
  /** The first commit on `main`. */
  readonly first: string;
  /** How runs and rollouts go from now on. */
  fate(fate: Fate, more?: Partial<RunScript>): void;
  /** Its runs on Kubeflow, oldest first. */
  runs(): readonly RunView[];
  /** The address of the model that the InferenceService has; undefined: there is none. */
  served(): string | undefined;
}

/** The world of a story, with a Kubeflow, a KServe and a store for models: its environment `prod`. */
export type ReleaseWorld<World extends StoryWorld = StoryWorld> = World & {
  readonly platform: Platform;
  /** A new repository whose policy releases `main`; its first commit is pushed, and released, at once. */
  produce(name: string, words?: ProductionWords, files?: Readonly<Record<string, string>>): Promise<Product>;
  /** The status `modelgate/production` that a commit shows, once it satisfies. */
  told(product: Product, sha: string, satisfies: (status: StoryStatus) => boolean): Promise<StoryStatus>;
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
  const world = await createStoryWorld({ ...options, config, secrets: platformSecrets });

  async function produce(
    name: string,
    words: ProductionWords = {},
    files: Readonly<Record<string, string>> = {},
  ): Promise<Product> {
    const service = words.service ?? `auto-${name}`;
    const product = { service, fate, runs, served };
    fate('good');
    const repository = await world.addRepository(`ml/${name}`);
    const first = await world.host.commit(repository, 'main', { ...productionFiles(name, words), ...files });
    return { ...product, repository, first };

    function fate(of: Fate, more: Partial<RunScript> = {}): void {
      kubernetes.script('serving', service, { ...quick, ...knobsOf(of) });
      kubeflow.play({ pipeline: name }, { ...fastScript(of), ...more });
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
      await eventually('the status', isTold, 15_000);
    } catch {
      const all = JSON.stringify(world.host.production(repository, sha), undefined, 1);
      throw new Error(`statuses are ${all}\n${world.lines.slice(-25).join('')}`);
    }
    const status = shown();
    if (status === undefined) throw new Error('no status');
    return status;
  }

  return Object.assign(world, {
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
    close: closeBoth(world.close, platform),
  });
}

function closeBoth(closeWorld: () => Promise<void>, platform: Platform): () => Promise<void> {
  return async () => {
    await closeWorld();
    await platform.close();
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
