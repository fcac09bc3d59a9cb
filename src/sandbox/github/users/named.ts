import type { User } from '../state.ts';
import type { World } from '../world.ts';

/** Adds a user of any kind. */
export function addUser(world: World, wanted: Pick<User, 'login' | 'name' | 'type'>): User {
  const user: User = { id: world.nextId(), createdAt: world.now(), ...wanted };
  world.users.push(user);
  return user;
}

/** The user of that name. @throws Error when there is none. */
export function userNamed(world: World, login: string): User {
  const found = world.users.find((user) => user.login === login);
  if (found === undefined) throw new Error(`the GitHub sandbox has no user ${login}`);
  return found;
}
