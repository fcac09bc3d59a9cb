import { beforeEach, describe, expect, test } from 'vitest';
import { subjectKey } from '../../src/domain/subject.ts';
import { gateChange } from '../../src/gate/gate-change.ts';
import type { Conflict } from '../../src/ports/snapshots.ts';
import {
  createGateWorld,
  missingData,
  missingPointer,
  never,
  remoteUrl,
  subject,
  type GateWorld,
} from '../support/gate-world.ts';

describe('what a change is judged by', () => {
  let world: GateWorld;
  beforeEach(() => void (world = createGateWorld()));

  async function judged() {
    await gateChange(subject, 1, world.deps, never);
    const run = world.store.runs.get(world.store.subjects.get(subjectKey(subject))?.runId ?? '');
    const findings = run?.judgement?.checks.flatMap((check) => check.findings) ?? [];
    return { run, findings: findings.map(({ rule, origin, file }) => `${origin} ${rule} ${file}`) };
  }

  const policy = (text: string) => ({ '.modelgate.yaml': `version: 1\n${text}` });
  const other = { 'e.csv.dvc': missingPointer('e.csv').replace('0123', 'abcd') };

  test('new-only, all data — what the target misses alike does not fail the change', async () => {
    world.target = { ...missingData, ...policy('mode: new-only\ndata: { scope: all }\n') };
    const { run, findings } = await judged();
    expect(findings).toEqual(['existing data/missing-on-remote d.csv.dvc']);
    expect(run?.decision?.verdict).toBe('passed');
  });

  test('new-only, all data — what the change brings fails it', async () => {
    world.target = { ...missingData, ...policy('mode: new-only\ndata: { scope: all }\n') };
    world.files = other;
    const { run, findings } = await judged();
    expect(findings).toEqual([
      'existing data/missing-on-remote d.csv.dvc',
      'new data/missing-on-remote e.csv.dvc',
    ]);
    expect(run?.decision?.verdict).toBe('failed');
  });

  test.each([
    ['a setting that DVC does not know', '[cache]\n    bogus_key = 1\n', 'data/schema'],
    ['a credential', '    secret_access_key = s3cret\n', 'data/committed-secret'],
    ['a remote that is a directory', `['remote "disk"']\n    url = /srv/data\n`, 'data/schema'],
  ])(
    'new-only, %s in the target’s .dvc/config — a change that adds a pointer beside it did not bring it',
    async (_, text, rule) => {
      const config = `[core]\n    remote = storage\n['remote "storage"']\n    url = ${remoteUrl}\n${text}`;
      world.target = { '.dvc/config': config, ...policy('mode: new-only\n') };
      world.files = other;
      world.remote.objects.set('files/md5/ab/cd456789abcdef0123456789abcdef', Buffer.from('abcd'));
      const { run, findings } = await judged();
      expect(findings).toEqual([`existing ${rule} .dvc/config`]);
      expect(run?.decision?.verdict).toBe('passed');
    },
  );

  test('a policy that asks for what is not checked — a note, and no comment', async () => {
    world.target = policy('data: { maxShrink: 20% }\n');
    const { run, findings } = await judged();
    expect(findings).toEqual(['existing policy/not-checked .modelgate.yaml']);
    expect(run?.decision?.verdict).toBe('passed');
    expect(world.comment).toBeUndefined();
  });

  const pipeline = [
    'pipelineInfo: { name: training }',
    'deploymentSpec: { executors: { exec-a: { container: { image: "python:3.12" } } } }',
    'components: { comp-a: { executorLabel: exec-a } }',
    'root: { dag: { tasks: { a: { componentRef: { name: comp-a } } } } }',
    'schemaVersion: 2.1.0\n',
  ].join('\n');

  test('a change that moves a pipeline away from what the policy names — a note, and a comment', async () => {
    world.target = { ...policy('pipelines: [p.yaml]\n'), 'p.yaml': pipeline };
    world.files = { 'p.yaml': { link: 'moved/p.yaml' }, 'moved/p.yaml': pipeline };
    const { run, findings } = await judged();
    expect(findings).toEqual(['new policy/no-pipeline .modelgate.yaml']);
    expect(run?.decision?.verdict).toBe('passed');
    expect(world.comment).toContain('no pipeline is checked');
  });

  test('a pipeline that the policy names and nobody has — existing on the next change', async () => {
    world.target = policy('pipelines: [gone.yaml]\n');
    world.files = { 'README.md': 'x' };
    expect((await judged()).findings).toEqual(['existing policy/no-pipeline .modelgate.yaml']);
    expect(world.comment).toBeUndefined();
  });

  test('a glob that matches the policy and DVC’s own files too — they are no pipelines', async () => {
    world.target = { ...policy('pipelines: ["*.yaml", "*.lock", "*.dvc"]\n'), 'p.yaml': pipeline };
    world.files = { 'dvc.yaml': 'stages: {}\n', 'dvc.lock': "schema: '2.0'\n", 'p.yaml': `${pipeline}# x\n` };
    const { run, findings } = await judged();
    expect(findings).toEqual([]);
    expect(run?.judgement?.checks.find(({ check }) => check === 'pipeline')?.counts).toEqual({
      pipelines: 1,
    });
  });

  test('the change edits such a policy — a comment says so', async () => {
    world.target = policy('data: { maxShrink: 20% }\n');
    world.files = policy('data: { maxShrink: 30% }\n');
    expect((await judged()).findings).toEqual(['new policy/not-checked .modelgate.yaml']);
    expect(world.comment).toMatch(/policy\/not-checked.*data\.maxShrink/);
  });

  test('a broken policy on the target — fails the change, as before, and is shown as the target’s', async () => {
    world.target = policy('mdoe: advisory\n');
    const { run, findings } = await judged();
    expect(findings).toEqual(['existing policy/invalid .modelgate.yaml']);
    expect(run?.decision).toMatchObject({ verdict: 'failed', blocking: true });
    expect(world.comment).toContain('policy/invalid');
  });

  test('a rule of the group change that crashes — undecided, with its name; its stack is in the log', async () => {
    const withoutMessage: Conflict = JSON.parse('{ "path": "a.py" }');
    world.conflicts = [withoutMessage];
    const { run } = await judged();

    expect(run?.decision?.verdict).toBe('undecided');
    expect(run?.judgement?.checks.find(({ check }) => check === 'change')?.unknowns).toEqual([
      {
        what: 'rule change/conflict',
        cause: 'crash',
        message: expect.stringMatching(/^a defect of modelgate: .*trim/),
        remedy: expect.stringContaining('change/conflict: off'),
      },
    ]);
    const errors = world.lines.filter(({ level }) => level === 'error');
    expect(errors.map(({ fields }) => fields)).toMatchObject([
      { where: 'rule change/conflict', err: expect.any(TypeError) },
    ]);
  });

  test('more findings than are kept — not passed, whatever they are', async () => {
    const unchecked = 'data: { maxShrink: 20%, verify: content }\nmetrics: { m.json: { a: { min: 1 } } }\n';
    world.files = policy(unchecked);
    const deps = { ...world.deps, limits: { ...world.deps.limits, findings: 1 } };
    await gateChange(subject, 1, deps, never);
    const [run] = [...world.store.runs.values()];
    expect(run?.decision?.verdict).toBe('undecided');
    expect(run?.judgement?.checks[0]).toMatchObject({
      omittedFindings: 2,
      unknowns: [{ what: 'check policy', cause: 'limit' }],
    });
  });

  test('more differences than a record keeps — a thousand, and how many more', async () => {
    const many = Array.from(
      { length: 1200 },
      (_, index) => [`d${index}.csv.dvc`, missingPointer(`d${index}.csv`)] as const,
    );
    world.files = Object.fromEntries(many);
    const { run } = await judged();
    expect(run?.judgement?.differences).toHaveLength(1000);
    expect(run?.judgement?.omittedDifferences).toBe(200);
  });
});
