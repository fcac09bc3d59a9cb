import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gateJob, jobKey } from '../../src/domain/job.ts';
import { idsOf, subjectKey, subjectOf, type Subject } from '../../src/domain/subject.ts';

const identifier = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const repositoryId = fc.integer({ min: 1 }).map(String);
/** As git allows them. */
const branch = fc.stringMatching(/^gh-readonly-queue\/[\w./#%@+ä-]{1,40}\/pr-\d{1,5}-[0-9a-f]{40}$/);
const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ kind: fc.constant('change'), host: identifier, repositoryId, number: fc.integer({ min: 1 }) }),
  fc.record({ kind: fc.constant('merge-group'), host: identifier, repositoryId, branch }),
  fc.record({
    kind: fc.constant('branch'),
    host: identifier,
    repositoryId,
    branch: fc.oneof(branch, fc.stringMatching(/^[a-z0-9/]{1,20}$/)),
  }),
);

test('any subject — as the ids of a job and back — is the same', () => {
  fc.assert(
    fc.property(subject, (one) => {
      expect(subjectOf(idsOf(one))).toEqual(one);
      expect(subjectOf(JSON.parse(JSON.stringify(gateJob(one).ids)))).toEqual(one);
    }),
  );
});

test('any two subjects — their names and jobs — are the same when they are', () => {
  fc.assert(
    fc.property(subject, subject, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(subjectKey(a) === subjectKey(b)).toBe(same);
      expect(jobKey(gateJob(a)) === jobKey(gateJob(b))).toBe(same);
      const look = (one: Subject) => jobKey({ kind: 'look-again', ids: idsOf(one) });
      expect(look(a) === look(b)).toBe(same);
      expect(subjectKey(a)).not.toContain(':');
    }),
  );
});
