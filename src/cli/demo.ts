import { parseArgs } from 'node:util';
import type { RunCommand, Terminal } from './command.ts';
import { createNarrator } from './demo/narrate.ts';
import { playStory } from './demo/story.ts';
import { createDemoWorld } from './demo/world.ts';

const help = `Usage: modelgate demo [--exit]

Plays the whole story on this machine: a GitLab and an S3 store (stand-ins), Redis and modelgate. Stays until Ctrl-C,
so that you can look around; everything is thrown away at the end.

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
