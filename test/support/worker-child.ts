// A whole worker process for tests that kill it: `node worker-child.ts <directory of the configuration> <role>`. It begins
// when it is sent a line, so that a test can have the next one ready.
import { once } from 'node:events';
import { join } from 'node:path';
import { readRole } from '../../src/compose/roles.ts';
import { work } from '../../src/compose/serve.ts';
import { storyTiming } from './story-timing.ts';

const [directory = '', role = 'gate'] = process.argv.slice(2);
await once(process.stdin, 'data');
process.stdin.destroy();
await work(
  {
    config: join(directory, 'modelgate.yaml'),
    role: readRole(role) ?? 'gate',
    timing: { ...storyTiming, lockMs: 800, stalledMs: 250 },
  },
  { env: process.env, cwd: directory, home: directory, writeLog: (line) => void process.stdout.write(line) },
);
