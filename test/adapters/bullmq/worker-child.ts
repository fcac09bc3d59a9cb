// A worker process that tests kill: it says on its output what it works on, and sleeps over it.
import { startWorker } from './start-worker.ts';

const [url = '', id = 'child'] = process.argv.slice(2);
const { worker } = startWorker(
  url,
  async (job) => {
    process.stdout.write(`${JSON.stringify(job.ids)}\n`);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  { id },
);
await worker.ready();
process.stdout.write('ready\n');
