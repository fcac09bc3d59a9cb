import { parseArgs } from 'node:util';
import { UserError } from '../errors.ts';
import type { RunCommand, Terminal } from './command.ts';

const help = `Usage: modelgate demo [--exit]

Plays the whole story on this machine, from a merge request to a model in service: a GitLab, an S3 store, Kubeflow and
Kubernetes with KServe (stand-ins), Redis and modelgate. Stays until Ctrl-C, so that you can look around; everything is
thrown away at the end.

  --exit   end after the story
`;

/** `modelgate demo` */
export const runDemo: RunCommand = async (argv, terminal) => {
  const { values } = parseArgs({
    args: [...argv],
    options: { exit: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    terminal.stdout.write(help);
    return 0;
  }
  try {
    await play(terminal, values.exit === true);
    return 0;
  } catch (error) {
    // Whatever fails because everything is being ended is nobody's concern.
    if (terminal.stop.aborted) return interrupted;
    throw error;
  }
};

/** Exit code of who was told to stop before the story was told. */
const interrupted = 130;

async function play(terminal: Terminal, exit: boolean): Promise<void> {
  const { createNarrator, playStory, createDemoWorld } = await loadStory();
  const narrator = createNarrator(terminal.stdout, terminal.env);
  const world = await createDemoWorld(terminal.env, terminal.stop);
  try {
    narrator.places(world.places);
    await playStory(world, narrator, terminal.stop);
    if (!exit && !terminal.stop.aborted) {
      narrator.lookAround(world.places);
      await new Promise<void>((resolve) =>
        terminal.stop.addEventListener('abort', () => resolve(), { once: true }),
      );
    }
  } finally {
    await world.close();
  }
}

/** The story and its stand-ins, which the image leaves out. @throws UserError `not-installed` */
async function loadStory() {
  try {
    const { createNarrator } = await import('./demo/narrate.ts');
    const { playStory } = await import('./demo/story.ts');
    const { createDemoWorld } = await import('./demo/world.ts');
    return { createNarrator, playStory, createDemoWorld };
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UserError(
      'not-installed',
      'the demo is not in this installation: it plays with stand-ins of a Git host and a store, which the image leaves out.',
      'Run `npm run demo` in a clone of the repository.',
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
