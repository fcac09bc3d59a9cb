import { runPlaceholders, type Production } from './policy.ts';

/** What placeholders stand for. */
export type PlaceholderValues = Readonly<Record<Placeholder, string>>;

type Placeholder = (typeof runPlaceholders)[number];

/** The parameters of a run with their placeholders filled in; texts without one, numbers and booleans stay as they are. */
export function fillParameters(
  parameters: Production['parameters'],
  values: PlaceholderValues,
): Production['parameters'] {
  const filled = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replace(placeholder, (_all, key: Placeholder) => values[key]) : value,
  ]);
  return Object.fromEntries(filled);
}

/** In one go: what stands for a placeholder is never read as another one. */
const placeholder = new RegExp(String.raw`\$\{(${runPlaceholders.join('|')})\}`, 'g');

/** Whether any parameter holds the placeholder. */
export function usesPlaceholder(parameters: Production['parameters'], name: Placeholder): boolean {
  return Object.values(parameters).some(
    (value) => typeof value === 'string' && value.includes(`\${${name}}`),
  );
}
