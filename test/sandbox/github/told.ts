import type { TestWorld } from './world.ts';

/** The body of a delivery, loosely typed for tests. */
export type Body = any; // oxlint-disable-line typescript/no-explicit-any

/** What is told from now on: everything before has arrived. */
export async function mark(world: TestWorld): Promise<number> {
  await world.github.idle();
  return Math.max(0, ...world.github.deliveries.map((delivery) => delivery.id));
}

/** Bodies of one event since a moment, in the order in which things happened; arrival may be another. */
export async function told(world: TestWorld, event: string, since: number): Promise<readonly Body[]> {
  await world.github.idle();
  return world.github.deliveries
    .filter((delivery) => delivery.event === event && delivery.id > since && !delivery.redelivery)
    .toSorted((one, other) => one.id - other.id)
    .map((delivery) => JSON.parse(delivery.requestBody));
}
