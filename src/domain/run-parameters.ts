import { runPlaceholders, type Production } from './policy.ts';

/** What placeholders stand for. */
export type PlaceholderValues = Readonly<Record<(typeof runPlaceholders)[number], string>>;

/** The parameters of a run with their placeholders filled in; texts without one, numbers and booleans stay as they are. */
export function fillParameters(
  parameters: Production['parameters'],
  values: PlaceholderValues,
): Production['parameters'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? runPlaceholders.reduce((text, key) => text.replaceAll(`\${${key}}`, values[key]), value)
        : value,
    ]),
  );
}

/** Whether any parameter holds the placeholder. */
export function usesPlaceholder(
  parameters: Production['parameters'],
  name: (typeof runPlaceholders)[number],
): boolean {
  return Object.values(parameters).some(
    (value) => typeof value === 'string' && value.includes(`\${${name}}`),
  );
}
