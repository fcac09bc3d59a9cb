import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '../../../src/sandbox/kubeflow/runs/view.ts';
import { modelOf } from '../../support/release/fates.ts';
import {
  createReleaseWorld,
  expectCleanRelease,
  type Product,
  type ReleaseWorld,
} from '../../support/release/release-world.ts';
import { everyHost, md5 } from '../../support/story-world.ts';

const byPointer = '{ from: pointer, format: sklearn, path: model.pkl.dvc }';
const byDirectory = '{ from: pointer, format: sklearn, path: model.dvc, file: model.pkl }';

describe.each(everyHost)(
  'a model that is committed as a pointer, on $name',
  { timeout: 90_000 },
  ({ host }) => {
    let world: ReleaseWorld;
    /** What the bot committed last. */
    let tip = '';
    beforeAll(async () => void (world = await createReleaseWorld({ host })));
    afterAll(() => world.close());

    /** The pipeline's bot commits what the run made, and sets a tag. */
    async function commitOutputs(
      product: () => Product,
      run: RunView,
      { files, trailer = `Modelgate-Run: ${run.runId}` }: Outputs,
    ): Promise<string> {
      const { repository } = product();
      const message = `Train a new model\n\n${trailer}\n`;
      const metrics = { 'metrics.json': '{"rmse": 3.1}\n' };
      const as = 'pipeline-bot';
      const sha = await world.host.commit(repository, 'main', { ...files, ...metrics }, { as, message });
      await world.host.tag(repository, `model-${run.runId.slice(0, 8)}`, sha);
      return sha;
    }

    interface Outputs {
      readonly files: Readonly<Record<string, string>>;
      readonly trailer?: string;
    }

    /** A repository whose run ends so. */
    async function produce(
      name: string,
      words: { readonly model: string; readonly more?: string },
      outputs: (run: RunView) => Promise<Outputs>,
    ): Promise<Product> {
      let product: Product | undefined;
      const known = (): Product => {
        if (product === undefined) throw new Error(`${name} is not there yet`);
        return product;
      };
      const atEnd = async (run: RunView): Promise<void> => {
        tip = await commitOutputs(known, run, await outputs(run));
      };
      const tasks = [{ name: 'train', seconds: 0.5 }];
      product = await world.produce(name, words, { script: { tasks, atEnd } });
      return product;
    }

    /** The bytes of a run's model, which are on the DVC remote. */
    async function pushed({ parameters }: RunView): Promise<Outputs> {
      const content = modelOf(String(parameters['commit']), 'good');
      return { files: { 'model.pkl.dvc': await world.track('model.pkl', content, 'pushed') } };
    }

    async function served(product: Product): Promise<unknown> {
      return JSON.parse(String(await world.platform.read(`${product.served()}model.pkl`)));
    }

    test('a file — is published and served, and what the bot pushed starts no run', async () => {
      const product = await produce('pointer', { model: byPointer }, pushed);

      const status = await world.told(product, product.first, ({ state }) => state === 'success');
      expect(status.description).toContain(`auto-pointer serves ${product.first.slice(0, 8)}`);
      expect(await served(product)).toMatchObject({ commit: product.first });
      expect(tip).not.toBe(product.first);
      const ofBot = await world.told(product, tip, ({ state }) => state === 'success');
      expect(ofBot.description).toMatch(/nothing to release/);
      expect(product.runs()).toHaveLength(1);
      expect(await world.page(status.url)).toContain('model.pkl.dvc of commit');
    });

    test('whenNewer: replace, and the bot pushes while its run still goes — it is not in its own way', async () => {
      // The step that commits is not the last one.
      const words = { model: byPointer, more: '  whenNewer: replace\n' };
      const product = await world.produce('own-way', words, {
        script: { tasks: [{ name: 'train', seconds: 600 }] },
      });
      const run = await world.running(product);
      tip = await commitOutputs(() => product, run, await pushed(run));
      await world.told(product, tip, ({ description }) => description.startsWith('waits: '));
      await world.running(product);
      expect(world.terminations(run)).toBe(0);
      product.finish(run, () => undefined);

      await world.told(product, product.first, ({ state }) => state === 'success');
      expect(product.runs().map(({ state }) => state)).toEqual(['SUCCEEDED']);
    });

    test('a directory — every file of its listing is published', async () => {
      const product = await produce('directory', { model: byDirectory }, async ({ parameters }) => {
        const model = modelOf(String(parameters['commit']), 'good');
        const card = 'trained on cars\n';
        for (const content of [model, card]) world.push(content);
        const listing = JSON.stringify([
          { md5: md5(card), relpath: 'card.md' },
          { md5: md5(model), relpath: 'model.pkl' },
        ]);
        const hash = md5(listing);
        world.s3.put('team-data', `dvc/files/md5/${hash.slice(0, 2)}/${hash.slice(2)}.dir`, listing);
        const size = model.length + card.length;
        const dvc = `outs:\n- md5: ${hash}.dir\n  size: ${size}\n  nfiles: 2\n  hash: md5\n  path: model\n`;
        return { files: { 'model.dvc': dvc } };
      });

      await world.told(product, product.first, ({ state }) => state === 'success');
      expect(await served(product)).toMatchObject({ commit: product.first });
      expect(String(await world.platform.read(`${product.served()}card.md`))).toBe('trained on cars\n');
      expect(product.runs()).toHaveLength(1);
    });

    test('without our line in the message — failed, and the remedy names it', async () => {
      const without = async (run: RunView) => ({ ...(await pushed(run)), trailer: 'Signed-off-by: a robot' });
      const product = await produce('no-trailer', { model: byPointer }, without);

      const status = await world.told(product, product.first, ({ state }) => state === 'failure');
      const page = await world.page(status.url);
      expect(page).toContain('Let the run commit the pointer with it');
      expect(page).toContain(`Modelgate-Run: ${product.runs()[0]?.runId}`);
      expect(product.served()).toBeUndefined();
    });

    test('other bytes on the remote than the pointer says — failed, and nothing is in service', async () => {
      const product = await produce('mismatch', { model: byPointer }, async (run) => {
        const { files } = await pushed(run);
        const hash = md5(modelOf(String(run.parameters['commit']), 'good'));
        const other = modelOf(String(run.parameters['commit']), 'answers wrongly').replace('99', '17.4');
        world.s3.put('team-data', `dvc/files/md5/${hash.slice(0, 2)}/${hash.slice(2)}`, other);
        return { files };
      });

      const status = await world.told(product, product.first, ({ state }) => state === 'failure');
      expect(await world.page(status.url)).toMatch(/md5/);
      expect(product.served()).toBeUndefined();
      expect(world.platform.kubernetes.get('inferenceservices', 'serving', product.service)).toBeUndefined();
    });

    test('afterwards — everything is as it should be', () => expectCleanRelease(world));
  },
);
