import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { jobKey, jobsOf, type Job } from '../../src/domain/job.ts';
import { sampleSha } from '../support/sample-run.ts';

const repository = { host: 'corp', id: '12', path: 'ml/auto-mpg' };
const sha = sampleSha('a');
const ids = { host: 'corp', repositoryId: '12' };
const seen = { kind: 'pipeline-seen', repository, sha, pipelineId: '500' } as const;

describe('the jobs of an event', () => {
  test.each<[string, Event, readonly Job[]]>([
    [
      'a change was touched',
      { kind: 'change-touched', repository, number: 7, head: sha },
      [{ kind: 'gate-change', ids: { ...ids, number: 7 } }],
    ],
    [
      'a command was given',
      { kind: 'command-given', repository, number: 7, commentId: '99' },
      [{ kind: 'run-command', ids: { ...ids, number: 7, commentId: '99' } }],
    ],
    ['a pipeline of a change', { ...seen, number: 7 }, [{ kind: 'gate-change', ids: { ...ids, number: 7 } }]],
    [
      'a pipeline of a commit',
      { ...seen, number: undefined },
      [{ kind: 'pipeline-seen', ids: { ...ids, sha, pipelineId: '500' } }],
    ],
    [
      'a merge group was touched',
      { kind: 'merge-group-touched', repository, branch: 'q/main/pr-7', head: sha },
      [{ kind: 'gate-merge-group', ids: { ...ids, branch: 'q/main/pr-7' } }],
    ],
    [
      'a button beside a change was pressed',
      { kind: 'rerun-asked', repository, sha, branch: undefined, personId: 'ada' },
      [{ kind: 'rerun', ids: { ...ids, sha, personId: 'ada' } }],
    ],
    [
      'a button beside a merge group was pressed',
      { kind: 'rerun-asked', repository, sha, branch: 'q/main/pr-7', personId: 'ada' },
      [{ kind: 'rerun', ids: { ...ids, sha, personId: 'ada', branch: 'q/main/pr-7' } }],
    ],
    ['access changed', { kind: 'access-changed', host: 'corp' }, [{ kind: 'sweep', ids: {} }]],
    [
      'a branch moved',
      { kind: 'branch-moved', repository, branch: 'main', before: undefined, after: sha },
      [{ kind: 'gate-branch', ids: { ...ids, tip: 'main' } }],
    ],
    [
      'a branch was deleted',
      { kind: 'branch-moved', repository, branch: 'main', before: sha, after: undefined },
      [],
    ],
  ])('%s', (_, event, jobs) => {
    expect(jobsOf(event)).toEqual(jobs);
  });
});

describe('the name under which pokes are deduplicated', () => {
  test.each<[Job, string]>([
    [{ kind: 'gate-change', ids: { ...ids, number: 7, attempt: 3 } }, 'gate-change/corp/12/7'],
    [{ kind: 'run-command', ids: { ...ids, number: 7, commentId: '99' } }, 'run-command/corp/12/7/99'],
    [{ kind: 'pipeline-seen', ids: { ...ids, sha, pipelineId: '500' } }, `pipeline-seen/corp/12/${sha}/500`],
    [
      { kind: 'gate-merge-group', ids: { ...ids, branch: 'q/main/pr-7' } },
      'gate-merge-group/corp/12/q/main/pr-7',
    ],
    // One person's wish, which may be ignored, does not stand for another's.
    [{ kind: 'rerun', ids: { ...ids, sha, personId: 'ada' } }, `rerun/corp/12/${sha}/ada`],
    [{ kind: 'gate-branch', ids: { ...ids, tip: 'main', attempt: 2 } }, 'gate-branch/corp/12/~main'],
    [{ kind: 'release', ids: { ...ids, environment: 'prod', tip: 'main' } }, 'release/corp/12/prod/~main'],
    // A branch may be called as a change is numbered.
    [{ kind: 'look-again', ids: { ...ids, tip: '7' } }, 'look-again/corp/12/~7'],
    [{ kind: 'look-again', ids: { ...ids, number: 7 } }, 'look-again/corp/12/7'],
    [{ kind: 'sweep', ids: {} }, 'sweep'],
  ])('%j — is %s, without a colon', (job, key) => {
    expect(jobKey(job)).toBe(key);
    expect(jobKey(job)).not.toContain(':');
  });
});
