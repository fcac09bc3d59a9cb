import { createServer } from 'node:http';
import { run } from 'probot';
import { answerParent } from '../../child/answer-parent.ts';
import { probotEnvironment, probotPath } from './probot-app.ts';

// As `probot run` serves an app in production, its log included; the handler does nothing: nothing is kept.
const port = await freePort();
const server = await run((app) => app.on('pull_request.opened', () => undefined), {
  env: { ...probotEnvironment(), NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port) },
});
answerParent({ url: `http://127.0.0.1:${port}${probotPath}`, stop: () => server.stop() });

/** Probot takes port 0 for "not set". */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const free = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(free));
    });
  });
}
