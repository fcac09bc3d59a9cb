import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createRunStore } from '../../../src/adapters/redis/run-store.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { createFoundation } from '../../../src/compose/foundation.ts';
import { startWeb } from '../../../src/compose/web.ts';
import { createTelemetry } from '../../../src/http/telemetry.ts';
import { answerParent } from '../../child/answer-parent.ts';
import { liveHeap } from '../live-heap.ts';
import { sampleRun } from '../sample.ts';

// The service as `modelgate serve` composes it, with one run that is under way.
const [redisUrl = '', directory = '/'] = process.argv.slice(2);
const redis = new Redis(redisUrl);
await createRunStore(redis, createKeys('modelgate'), createClock()).saveRun(sampleRun('watched', 0));
redis.disconnect();
const config = join(directory, 'modelgate.yaml');
await writeFile(
  config,
  `
listen: { port: 0 }
hosts:
  - { id: corp, kind: gitlab, url: https://gitlab.example.com, token: "\${TOKEN}", webhookSecrets: ["\${SECRET}"], repositories: ["ml/*"] }
`,
);
const foundation = createFoundation(
  {
    env: { TOKEN: 'glpat-of-the-bench', SECRET: 'secret-of-the-bench' },
    cwd: directory,
    home: directory,
    writeLog: (line) => void process.stdout.write(line),
  },
  config,
);
const web = await startWeb(foundation, {
  redisUrl,
  telemetry: createTelemetry(),
  served: 'webhooks-and-pages',
});

answerParent({
  // As an open page asks: from where it was rendered on, and for news of the change.
  url: `${web.url}/runs/watched/log?version=1...`,
  figures: { heap: liveHeap },
  stop: async () => {
    await web.close();
    await foundation.close();
  },
});
