import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decision.ts';
import { renderComment, shouldComment } from '../../src/report/comment.ts';
import { renderGithub } from '../../src/report/github.ts';
import { renderGitlabCodequality } from '../../src/report/gitlab-codequality.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { statusOf } from '../../src/report/status.ts';
import { sampleRun } from '../support/sample-run.ts';
import { judgements, now, reportOf } from './judgements.ts';

describe.each(Object.entries(judgements))('%s', (name, judgement) => {
  test(`${name} — as a comment — reads as the golden file`, async () => {
    const decision = decide(judgement);
    const url = 'https://gate.example.com/runs/1';
    const body = renderComment({ judgement, decision, url, disclose: 'names', targetBranch: 'main' });
    await expect(body).toMatchFileSnapshot(`golden/${name}.md`);
  });

  test(`${name} — in a terminal — reads as the golden file`, async () => {
    const text = renderTerminal(reportOf(judgement), { colours: false, columns: 100, now });
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  test(`${name} — as JSON — reads as the golden file`, async () => {
    await expect(renderJson(reportOf(judgement))).toMatchFileSnapshot(`golden/${name}.json.txt`);
  });

  test(`${name} — as SARIF — reads as the golden file`, async () => {
    await expect(renderSarif(reportOf(judgement))).toMatchFileSnapshot(`golden/${name}.sarif.txt`);
  });

  test(`${name} — as GitLab’s Code Quality — reads as the golden file`, async () => {
    const text = renderGitlabCodequality(reportOf(judgement));
    await expect(text).toMatchFileSnapshot(`golden/${name}.codequality.txt`);
  });

  test(`${name} — as JUnit — reads as the golden file`, async () => {
    await expect(renderJunit(reportOf(judgement), now)).toMatchFileSnapshot(`golden/${name}.junit.txt`);
  });

  test(`${name} — as annotations of GitHub — reads as the golden file`, async () => {
    await expect(renderGithub(reportOf(judgement))).toMatchFileSnapshot(`golden/${name}.github.txt`);
  });
});

test('colours — turned on — add nothing but colours', () => {
  const report = reportOf(judgements['hostile']!);
  const plain = renderTerminal(report, { colours: false, columns: 100, now });
  const painted = renderTerminal(report, { colours: true, columns: 100, now });

  // eslint-disable-next-line no-control-regex -- the escape sequences of colours
  expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  expect(painted).not.toBe(plain);
  // eslint-disable-next-line no-control-regex -- nothing of the repository steers the terminal
  expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('a place in the target’s file — no format lets it look like one of the merge result', () => {
  const judgement = judgements['repaired']!;
  const report = reportOf(judgement);
  const comment = {
    decision: decide(judgement),
    url: undefined,
    disclose: 'names',
    targetBranch: 'main',
  } as const;
  expect(renderComment({ judgement, ...comment })).toContain(', line 7 on the target branch:');
  expect(renderTerminal(report, { colours: false, columns: 100, now })).toContain('7:1 on the target branch');
  expect(JSON.parse(renderJson(report)).checks[1].findings[0]).toMatchObject({ tree: 'target' });
  const [result] = JSON.parse(renderSarif(report)).runs[0].results;
  expect(result.locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: '.modelgate.yaml', uriBaseId: 'ROOT' },
  });
  expect(result.message.text).toContain('Place: line 7, column 1 on the target branch');
});

test.each([
  ['passed', true],
  ['nothing', false],
  ['failed', true],
  ['undecided', true],
  ['conflict', true],
])('%s — is a comment worth it — %s', (name, expected) => {
  expect(shouldComment(judgements[name]!)).toBe(expected);
});

test('counts only — a public repository — the comment holds no name', () => {
  const judgement = judgements['failed']!;
  const body = renderComment({
    judgement,
    decision: decide(judgement),
    url: 'https://gate.example.com/runs/1',
    disclose: 'counts',
    targetBranch: 'secret-branch',
  });

  expect(body).not.toMatch(/csv|secret/);
  expect(body).toContain('2 errors');
  expect(body).toContain('https://gate.example.com/runs/1');
});

test.each(['failed', 'undecided', 'conflict'])(
  '%s, counts only — neither status nor comment holds a name or a cause',
  (name) => {
    const judgement = judgements[name]!;
    const decision = decide(judgement);
    const options = { url: 'https://gate.example.com/runs/1', disclose: 'counts' } as const;
    const { description } = statusOf(sampleRun({ judgement, decision }), options);
    const told = description + renderComment({ judgement, decision, targetBranch: 'main', ...options });

    expect(told).not.toMatch(/csv|dvc\.lock|s3:|AccessDenied|main/);
    expect(description).not.toContain('data/');
  },
);

test('ten thousand findings — far beyond what a host takes — are cut with their number', () => {
  const [data] = judgements['failed']!.checks.filter((check) => check.check === 'data');
  const findings = Array.from({ length: 10_000 }, (_, index) => ({
    ...data!.findings[0]!,
    file: `data/${index}.dvc`,
  }));
  const judgement = { ...judgements['failed']!, checks: [{ ...data!, findings }] };
  const body = renderComment({
    judgement,
    decision: decide(judgement),
    url: undefined,
    disclose: 'names',
    targetBranch: 'main',
  });

  expect(body.length).toBeLessThanOrEqual(60_000);
  expect(body).toMatch(/And \d+ more parts/);
});
