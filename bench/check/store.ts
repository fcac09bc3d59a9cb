import { createS3Sandbox } from '../../src/sandbox/s3/sandbox.ts';
import { answerParent } from '../child/answer-parent.ts';
import { dataFiles, objectsOf, type Layout } from './data.ts';

// An S3 store in a process of its own; arguments: how many files, and how they are tracked.
const [count = '0', layout = 'files'] = process.argv.slice(2);
const s3 = await createS3Sandbox({
  buckets: { data: { versioned: false } },
  credentials: { accessKeyId: 'AKIABENCH', secretAccessKey: 'secret-of-the-bench' },
});
for (const [key, content] of objectsOf(
  dataFiles(Number(count)),
  layout === 'files' ? 'files' : ('directory' satisfies Layout),
))
  s3.put('data', `dvc/${key}`, content);
let requests = 0;
s3.fail({
  // Never applies: it is asked about every request as it comes.
  when: () => {
    requests += 1;
    return false;
  },
  fault: { kind: 'drop' },
});
answerParent({
  url: s3.url,
  figures: {
    /** Since it was asked the last time. */
    requests: () => {
      const seen = requests;
      requests = 0;
      return seen;
    },
  },
  stop: () => s3.close(),
});
