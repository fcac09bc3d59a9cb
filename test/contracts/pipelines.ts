import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AbortError, UserError } from '../../src/errors.ts';
import type { NewRun, Pipelines, PipelineVersion } from '../../src/ports/pipelines.ts';
import { twoTasks } from './two-tasks.ts';

/** A server that runs pipelines, or at least takes them: without a workflow engine its runs are pending for ever. */
export interface PipelinesWorld {
  readonly pipelines: Pipelines;
  /** Whether runs get the id that they ask for. */
  readonly honoursRunId: boolean;
  close(): Promise<void>;
}

const signal = new AbortController().signal;

/** The promises of Pipelines, kept by every server. */
export function describePipelines(name: string, createWorld: () => Promise<PipelinesWorld>): void {
  describe(`pipelines contract: ${name}`, () => {
    // A server is not emptied between two runs of the suite.
    const unique = randomUUID().slice(0, 8);
    const pipeline = `modelgate-contract-${unique}`;
    const wanted = {
      pipeline,
      version: '1a2b3c4-0123456789ab',
      description: 'sha256:0123',
      yaml: twoTasks(pipeline),
    };
    let world: PipelinesWorld;
    let pipelines: Pipelines;
    let version: PipelineVersion | undefined;
    let experimentId = '';

    beforeAll(async () => {
      world = await createWorld();
      ({ pipelines } = world);
    });
    afterAll(() => world.close());

    function newRun(more: Partial<NewRun> = {}): NewRun {
      const runId = randomUUID();
      return {
        runId,
        name: `contract ${unique} 100%25 a+b "ä" ${runId}`,
        description: 'a run of the contract suite',
        experimentId,
        version: version ?? { pipelineId: '', versionId: '' },
        parameters: { learning_rate: 0.1, note: 'ä "quoted"' },
        ...more,
      };
    }

    test('findVersion — no such pipeline — is undefined', async () => {
      expect(await pipelines.findVersion(pipeline, 'v1', signal)).toBeUndefined();
    });

    test('uploadVersion — new pipeline — is found with its description', async () => {
      await pipelines.uploadVersion(wanted, signal);
      version = await pipelines.findVersion(pipeline, wanted.version, signal);

      expect(version).toMatchObject({ description: 'sha256:0123' });
      expect(version?.pipelineId).not.toBe('');
      expect(version?.versionId).not.toBe('');
    });

    test('uploadVersion — once more — is no trouble and changes nothing', async () => {
      await pipelines.uploadVersion({ ...wanted, description: 'sha256:4567' }, signal);

      expect(await pipelines.findVersion(pipeline, wanted.version, signal)).toEqual(version);
    });

    test('uploadVersion — another version — is beside the first', async () => {
      await pipelines.uploadVersion({ ...wanted, version: '5d6e7f8-0123456789ab' }, signal);
      const other = await pipelines.findVersion(pipeline, '5d6e7f8-0123456789ab', signal);

      expect(other?.pipelineId).toBe(version?.pipelineId);
      expect(other?.versionId).not.toBe(version?.versionId);
    });

    test('findVersion — no such version, or the beginning of one — is undefined', async () => {
      expect(await pipelines.findVersion(pipeline, '1a2b3c4', signal)).toBeUndefined();
    });

    test('uploadVersion — two at once of a new pipeline — are both no trouble', async () => {
      const both = { ...wanted, pipeline: `${pipeline}-twice` };
      await Promise.allSettled([
        pipelines.uploadVersion(both, signal),
        pipelines.uploadVersion(both, signal),
      ]);
      await pipelines.uploadVersion(both, signal);

      expect(await pipelines.findVersion(both.pipeline, both.version, signal)).toBeDefined();
    });

    test('uploadVersion — no pipeline at all — is refused', async () => {
      const broken = { ...wanted, version: 'broken', yaml: 'just: a file\n' };

      await expect(pipelines.uploadVersion(broken, signal)).rejects.toMatchObject({
        code: 'kubeflow-refused',
      });
      expect(await pipelines.findVersion(pipeline, 'broken', signal)).toBeUndefined();
    });

    test('experiment — the same name — is the same experiment, another name another', async () => {
      experimentId = await pipelines.experiment(pipeline, signal);

      expect(await pipelines.experiment(pipeline, signal)).toBe(experimentId);
      expect(await pipelines.experiment(`${pipeline} other+1%`, signal)).not.toBe(experimentId);
    });

    test('findRun — none was asked for — is undefined', async () => {
      expect(await pipelines.findRun(newRun(), signal)).toBeUndefined();
    });

    test('createRun — a pinned version with parameters — is found and has begun', async () => {
      const run = newRun();
      await pipelines.createRun(run, signal);
      const found = await pipelines.findRun(run, signal);

      expect(found).toMatchObject({ name: run.name, finished: undefined, trouble: undefined });
      expect(['pending', 'running', 'unknown']).toContain(found?.state);
      expect(Number.isNaN(Date.parse(found?.created ?? ''))).toBe(false);
      expect(found?.id === run.runId).toBe(world.honoursRunId);
      expect(await pipelines.findRun(run, signal)).toMatchObject({ id: found?.id });
    });

    test('findRun — the server had chosen the id — goes by name and experiment', async () => {
      const run = newRun();
      await pipelines.createRun(run, signal);
      const found = await pipelines.findRun(run, signal);
      const byName = { ...run, runId: randomUUID() };
      const elsewhere = await pipelines.experiment(`${pipeline} other+1%`, signal);

      expect(found).toBeDefined();
      expect(await pipelines.findRun(byName, signal)).toMatchObject({ id: found?.id });
      expect(await pipelines.findRun({ ...byName, experimentId: elsewhere }, signal)).toBeUndefined();
    });

    test.each<[string, (run: NewRun) => Partial<NewRun>]>([
      ['a missing parameter', () => ({ parameters: {} })],
      ['an unknown parameter', () => ({ parameters: { learning_rate: 0.1, momentum: 1 } })],
      ['no such version', ({ version }) => ({ version: { ...version, versionId: randomUUID() } })],
      ['no such experiment', () => ({ experimentId: randomUUID() })],
    ])('createRun — %s — is refused, and there is no run', async (_title, more) => {
      const run = newRun();
      const thrown = await pipelines
        .createRun({ ...run, ...more(run) }, signal)
        .catch((error: unknown) => error);

      expect(thrown).toBeInstanceOf(UserError);
      expect(thrown).toMatchObject({ code: 'kubeflow-refused' });
      expect(await pipelines.findRun(run, signal)).toBeUndefined();
    });

    test('terminate — a run that was just made, twice — ends it', async () => {
      const run = newRun();
      await pipelines.createRun(run, signal);
      const id = (await pipelines.findRun(run, signal))?.id ?? '';
      await pipelines.terminate(id, signal);
      const after = await pipelines.findRun(run, signal);

      expect(['canceling', 'canceled', 'failed']).toContain(after?.state);
      await pipelines.terminate(id, signal);
    });

    test('terminate — no such run — is no trouble', async () => {
      expect(await pipelines.terminate(randomUUID(), signal)).toBeUndefined();
    });

    test('logTail — no such pod, no such run — is empty', async () => {
      const run = newRun();
      await pipelines.createRun(run, signal);
      const id = (await pipelines.findRun(run, signal))?.id ?? '';

      expect(await pipelines.logTail(id, `${pipeline}-system-container-impl-1`, 5, signal)).toEqual([]);
      expect(await pipelines.logTail(randomUUID(), 'no-pod', 5, signal)).toEqual([]);
    });

    test('runUrl — a run — is an address with its id', () => {
      const id = randomUUID();

      expect(URL.canParse(pipelines.runUrl(id))).toBe(true);
      expect(pipelines.runUrl(id)).toContain(id);
    });

    test('abort — every method — throws the reason', async () => {
      const reason = new AbortError('superseded');
      const aborted = AbortSignal.abort(reason);
      const calls = [
        pipelines.findVersion(pipeline, 'v', aborted),
        pipelines.uploadVersion(wanted, aborted),
        pipelines.experiment(pipeline, aborted),
        pipelines.findRun(newRun(), aborted),
        pipelines.createRun(newRun(), aborted),
        pipelines.terminate('r', aborted),
        pipelines.logTail('r', 'p', 5, aborted),
      ];

      for (const call of await Promise.allSettled<unknown>(calls)) expect(call).toMatchObject({ reason });
    });
  });
}
