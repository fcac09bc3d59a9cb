import { parseArgs } from 'node:util';
import type { RunCommand } from './command.ts';
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
  const narrator = createNarrator(terminal.stdout, terminal.env);
  const world = await createDemoWorld(terminal.env);
  try {
    narrator.places(world.places);
    await playStory(world, narrator, terminal.stop);
    if (values.exit !== true && !terminal.stop.aborted) {
      narrator.lookAround(world.places);
      await new Promise<void>((resolve) =>
        terminal.stop.addEventListener('abort', () => resolve(), { once: true }),
      );
    }
    return 0;
  } finally {
    await world.close();
  }
};
