import type { Sha } from '../../../src/domain/repository.ts';
import type { Mishap } from './faulty.ts';
import { fates, modelOf, outcomeOf, type Fate } from './fates.ts';
import { createRandom, type Random } from './random.ts';
import { createReleaseStory, storyPolicy, type ReleaseStory } from './story.ts';

const minute = 60_000;

/** How a story went. */
export interface Played {
  /** What must not be, one sentence each. */
  readonly broken: readonly string[];
  /** The story in words, for whoever looks for the reason. */
  readonly told: string;
}

/**
 * Plays a story that the seed decides on: one to three merged commits with their fates, deliveries that are doubled or never
 * come, ports that refuse, answers that are lost, a process that dies in the middle of calls, servers that answer 500, 503
 * and 409, rows that come late, and records that are gone. After two hours nothing goes wrong any more.
 */
export async function playSeed(seed: number): Promise<Played> {
  const random = createRandom(seed);
  const whenNewer = random.pick(['finish', 'finish', 'replace']);
  const story = await createReleaseStory(
    random.pick(['Knative', 'Standard']),
    storyPolicy(`  whenNewer: ${whenNewer}\n`),
  );
  const told: string[] = [`seed ${seed}, whenNewer ${whenNewer}`];
  if (random.chance(0.5)) await serveOldModel(story, told);
  try {
    const repair = breakServers(story, random, told);
    const merged = await badDay(story, random, told);
    repair();
    story.mishaps = () => 'none';
    story.before = () => undefined;
    await story.run();
    const broken = [...story.promises.broken, ...judge(story, merged)];
    return { broken, told: [...told, timelines(story)].join('\n') };
  } finally {
    await story.close();
  }
}

const oldModel = 's3://models/by-hand/';

/** Somebody serves a model by hand already. */
async function serveOldModel({ platform, clock }: ReleaseStory, told: string[]): Promise<void> {
  platform.put(`${oldModel}model.pkl`, modelOf('by hand', 'good'));
  const answer = await fetch(
    `${platform.kubernetes.url}/apis/serving.kserve.io/v1beta1/namespaces/serving/inferenceservices`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: { name: 'auto-mpg' },
        spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: oldModel } } },
      }),
    },
  );
  if (!answer.ok) throw new Error(await answer.text());
  clock.moveTo(clock.now().getTime() + minute);
  await platform.kubernetes.settle();
  told.push('a model is served by hand already');
}

interface Merged {
  readonly sha: Sha;
  readonly fate: Fate;
}

async function badDay(story: ReleaseStory, random: Random, told: string[]): Promise<readonly Merged[]> {
  const rate = random.pick([0, 0.02, 0.05, 0.15]);
  story.mishaps = () => mishap(random, rate);
  const emptyAfter = random.chance(0.4) ? random.below(60) : undefined;
  let jobs = 0;
  story.before = () => {
    jobs += 1;
    if (jobs !== emptyAfter) return;
    told.push(`everything that was kept is gone before job ${jobs}`);
    story.emptyRedis();
  };
  const merged: Merged[] = [];
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    const fate = random.pick(fates);
    const pokes = random.below(4);
    const sha = story.merge(fate, pokes);
    told.push(`${sha.slice(0, 8)} is merged: ${fate}; ${pokes} deliveries; mishaps ${rate}`);
    merged.push({ sha, fate });
    await story.run(story.clock.now().getTime() + random.pick([30_000, 3 * minute, 30 * minute]));
  }
  await story.run(story.clock.now().getTime() + 60 * minute);
  return merged;
}

function mishap(random: Random, rate: number): Mishap {
  if (!random.chance(rate)) return 'none';
  return random.pick(['refused', 'answer-lost', 'died-before', 'died-after']);
}

/** What stands between us and the platform goes wrong now and then, as it does. */
function breakServers({ platform }: ReleaseStory, random: Random, told: string[]): () => void {
  const { kubeflow, kubernetes } = platform;
  const rate = random.pick([0, 0.05, 0.1]);
  const sometimes = () => random.chance(rate);
  const ends = [
    kubeflow.fail({ when: sometimes, fault: { kind: 'status', status: 503 } }),
    kubeflow.fail({ when: sometimes, fault: { kind: 'lost', answer: 'bad-gateway' } }),
    kubernetes.fail({ when: sometimes, fault: { kind: 'status', status: 500 } }),
    kubernetes.fail({ when: sometimes, fault: { kind: 'status', status: 409 } }),
    kubernetes.fail({ when: sometimes, fault: { kind: 'lost' } }),
  ];
  kubeflow.knobs.rowAfterMs = random.pick([0, 0, 20_000, 'never']);
  kubeflow.knobs.terminatedEndsAs = random.pick(['CANCELED', 'FAILED']);
  kubeflow.knobs.reportLagMs = random.pick([1000, 20_000]);
  told.push(`servers: ${rate}, rows after ${kubeflow.knobs.rowAfterMs}`);
  return () => {
    for (const end of ends) end();
    kubeflow.knobs.rowAfterMs = 0;
  };
}

/** What is wrong in the end: the newest commit has to be decided on, and everything has to say so. */
function judge({ branch, releases, promises }: ReleaseStory, merged: readonly Merged[]): readonly string[] {
  const newest = merged.at(-1);
  if (newest === undefined) return ['no commit was merged'];
  const wrong: string[] = [];
  const open = [...releases.releases.values()].filter(({ outcome }) => outcome === undefined);
  for (const release of open)
    wrong.push(`the release of ${release.commit.slice(0, 8)} is lost in ${release.phase}`);
  const status = branch.production.statuses.get(newest.sha)?.state;
  const expected = outcomeOf(newest.fate) === 'released' ? 'success' : 'failure';
  if (status !== expected)
    wrong.push(`the newest commit (${newest.fate}) has the status ${status ?? 'none'}, not ${expected}`);
  for (const { sha, fate } of merged) {
    const shown = branch.production.statuses.get(sha)?.state;
    if (shown === 'running') wrong.push(`${sha.slice(0, 8)} (${fate}) is shown as running for ever`);
  }
  if (
    promises.served.some(
      (uri) => !uri.startsWith('s3://models/serving/') && uri !== oldModel && uri !== 'nothing',
    )
  )
    wrong.push('a model of nobody was in service');
  const published = [...releases.releases.values()].findLast(
    ({ commit }) => commit === newest.sha,
  )?.published;
  const serves = promises.served.at(-1);
  if (expected === 'success' && serves !== published?.uri)
    wrong.push(`${serves ?? 'nothing'} is in service, not ${published?.uri ?? '?'}`);
  if (expected === 'failure' && published !== undefined && serves === published.uri)
    wrong.push(`the model of a commit that failed is in service: ${serves}`);
  return wrong;
}

function timelines({ releases }: ReleaseStory): string {
  return [...releases.releases.values()]
    .map(({ commit, attempt, timeline }) =>
      [
        `${commit.slice(0, 8)}, attempt ${attempt}`,
        ...timeline.map(({ at, text }) => `  ${at} ${text}`),
      ].join('\n'),
    )
    .join('\n');
}
