import { serve } from '../../src/compose/serve.ts';
import { answerParent } from '../child/answer-parent.ts';

// `modelgate serve --with-worker` in a process of its own; arguments: the configuration and a directory for it.
const [config, home = '/'] = process.argv.slice(2);
const running = await serve(
  { config, withWorker: true },
  { env: process.env, cwd: home, home, writeLog: (line) => void process.stdout.write(line) },
);
answerParent({ url: running.url, stop: () => running.close() });
