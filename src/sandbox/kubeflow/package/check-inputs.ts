import { invalid } from '../refusal.ts';
import type { Package } from './read-package.ts';
import { isRecord, recordOf } from './shapes.ts';

type Fields = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  NUMBER_DOUBLE: ['double or integer, but the parameter value is not of number value', isNumber],
  NUMBER_INTEGER: ['double or integer, but the parameter value is not of number value', isNumber],
  STRING: ['string, but the input parameter is not of string value', (value) => typeof value === 'string'],
  BOOLEAN: ['bool, but the input parameter is not of bool value', (value) => typeof value === 'boolean'],
  LIST: ['list, but the input parameter is not of list value', Array.isArray],
  STRUCT: ['struct, but the input parameter is not of struct value', isRecord],
};

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

/** Compares a run's parameters with what the pipeline asks for (specs kubeflow 2.8). @throws Refusal 400 */
export function checkInputs({ spec }: Package, parameters: Fields | undefined): void {
  const definitions = recordOf(recordOf(recordOf(spec['root'])['inputDefinitions'])['parameters']);
  const given = parameters ?? {};
  for (const [name, definition] of Object.entries(definitions)) checkOne(name, recordOf(definition), given);
  const extra = Object.keys(given).filter((name) => !(name in definitions));
  if (extra.length > 0)
    throw invalid(`parameter(s) provided are not required by pipeline: ${extra.join(', ')}`);
}

function checkOne(name: string, definition: Fields, given: Fields): void {
  if (!(name in given)) {
    if (definition['isOptional'] === true || (definition['defaultValue'] ?? undefined) !== undefined) return;
    throw invalid(`parameter ${name} is not optional, yet has neither default value nor user provided value`);
  }
  const kind = kinds[String(definition['parameterType'])];
  if (kind === undefined) throw invalid(`input parameter ${name} requires type unknown`);
  const [words, fits] = kind;
  if (!fits(given[name])) throw invalid(`input parameter ${name} requires type ${words} type`);
  const literals = definition['literals'];
  const value = JSON.stringify(given[name]);
  if (!Array.isArray(literals) || literals.length === 0) return;
  if (!literals.some((literal) => JSON.stringify(literal) === value))
    throw invalid(`input parameter ${name} must be one of ${JSON.stringify(literals)}, got ${value}`);
}
