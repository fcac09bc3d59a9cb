import { run } from './run.ts';

try {
  await run(
    process.argv.slice(2),
    {
      intake: async () => (await import('./intake/bench.ts')).benchIntake,
      verdict: async () => (await import('./verdict/bench.ts')).benchVerdict,
      check: async () => (await import('./check/bench.ts')).benchCheck,
      pages: async () => (await import('./pages/bench.ts')).benchPages,
      models: async () => (await import('./models/bench.ts')).benchModels,
      yaml: async () => (await import('./yaml/bench.ts')).benchYaml,
    },
    (text) => void process.stdout.write(text),
  );
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
