import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoryWorld } from '../story-world.ts';

const program = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** What a command said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly out: string;
}

/** `modelgate <args>` as a process of its own, with the configuration and the environment of the story's service. */
export function modelgate(world: StoryWorld, ...args: readonly string[]): Promise<Said> {
  const env = { ...world.env, MODELGATE_CONFIG: join(world.root, 'modelgate.yaml'), USER: 'ops' };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env, cwd: world.root }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
  });
}
