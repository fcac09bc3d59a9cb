import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFoundation } from '../../../src/compose/foundation.ts';
import { startWeb } from '../../../src/compose/web.ts';
import { createTelemetry } from '../../../src/http/telemetry.ts';
import { answerParent } from '../../child/answer-parent.ts';
import { secrets } from '../delivery.ts';
import { startDurableRedis } from './durable-redis.ts';

// The service as `modelgate serve` composes it, with its log: head, job and delivery id are on disk before the answer.
const redis = await startDurableRedis('modelgate:queue:gate:wait');
const config = join(redis.directory, 'modelgate.yaml');
await writeFile(
  config,
  `
listen: { port: 0 }
hosts:
  - id: corp
    kind: gitlab
    url: https://gitlab.example.com
    token: \${GITLAB_TOKEN}
    webhookSecrets: ["\${HOOK_TOKEN}", "\${HOOK_SIGNING}"]
    repositories: ["ml/*"]
`,
);
const env = {
  GITLAB_TOKEN: 'glpat-of-the-bench',
  HOOK_TOKEN: secrets.gitlabToken,
  HOOK_SIGNING: secrets.gitlabSigning,
};
const foundation = createFoundation(
  {
    env,
    cwd: redis.directory,
    home: redis.directory,
    writeLog: (line) => void process.stdout.write(line),
  },
  config,
);
const web = await startWeb(foundation, {
  redisUrl: redis.url,
  telemetry: createTelemetry(),
  served: 'webhooks-and-pages',
});

answerParent({
  url: `${web.url}/webhooks/corp`,
  figures: redis.figures,
  stop: async () => {
    await web.close();
    await foundation.close();
    await redis.stop();
  },
});
