import { createS3Sandbox } from '../../src/sandbox/s3/sandbox.ts';
import { answerParent } from '../child/answer-parent.ts';
import { contentOf, smallBytes } from './content.ts';

// An S3 store in a process of its own; arguments: bytes of the large file, and how many small ones there are. It looks
// at no signature, so that plain requests are answered as well.
const [large = '0', small = '0'] = process.argv.slice(2);
const s3 = await createS3Sandbox({ buckets: { runs: { versioned: false }, models: { versioned: false } } });
s3.put('runs', 'large', contentOf(Number(large), 'large'));
for (let number = 0; number < Number(small); number += 1)
  s3.put('runs', `small/${number}`, contentOf(smallBytes, `small/${number}`));
answerParent({ url: s3.url, stop: () => s3.close() });
