import type { Places } from './places.ts';

/** Cylinders, displacement, horsepower, weight, acceleration, year, origin: the columns of the data without the consumption. */
export const car = '{"instances": [[8, 307, 130, 3504, 12, 70, 1]]}';

/** Asks the served model for the consumption of a car, as an application would. */
export async function askModel({ model }: Places): Promise<string> {
  const answer = await fetch(model, { method: 'POST', body: car });
  return `${car} → ${answer.status} ${await answer.text()}`;
}
