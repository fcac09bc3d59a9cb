import type { Repository } from '../state.ts';
import { fullName, type World } from '../world.ts';

/** The repository of a full name, in any case, also of a name it had before. */
export function findRepository(world: World, name: string): Repository | undefined {
  const wanted = name.toLowerCase();
  const current = world.repositories.find((entry) => fullName(entry).toLowerCase() === wanted);
  return (
    current ??
    world.repositories.find((entry) => entry.formerNames.some((former) => former.toLowerCase() === wanted))
  );
}
