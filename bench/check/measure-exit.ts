import { writeFileSync } from 'node:fs';
import { usageOfThisProcess } from '../child/usage.ts';

// Loaded before the command line's own script: leaves what the process used in the file that BENCH_USAGE names.
const file = process.env['BENCH_USAGE'];
process.once('exit', () => {
  if (file !== undefined) writeFileSync(file, JSON.stringify(usageOfThisProcess()));
});
