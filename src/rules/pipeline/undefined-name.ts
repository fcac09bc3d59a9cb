import type { Scope } from '../../formats/kfp/pipeline-model.ts';
import { suggest } from '../../domain/suggest.ts';
import type { Source } from '../../formats/source.ts';
import { stringValue } from '../../formats/yaml/node.ts';
import type { YamlNode } from '../../formats/yaml/node.ts';
import type { Breach } from '../rule.ts';
import { at } from './model.ts';

/** Names that are defined: the keys of a map, or a set. */
export interface Names {
  readonly size: number;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** A place that names something, and what it may name. */
export interface Reference {
  readonly source: Source;
  /** Who refers: `The task "evaluate"`. */
  readonly who: string;
  /** The value; undefined when the field is absent, then `around` is the place. */
  readonly node: YamlNode | undefined;
  readonly around: YamlNode;
  readonly pointer: string;
  /** The field for the repair: `producerTask`. */
  readonly field: string;
  /** What is named: `task`, `output parameter`. */
  readonly what: string;
  /** Where it should be defined: `the root`, `the component "comp-train"`. */
  readonly where: string;
  readonly defined: Names;
  /** The name is a key, or an item of a list; else it is the field's value. */
  readonly form?: 'key' | 'item';
}

/** The breach when the reference leads nowhere; the message says what is defined. */
export function* checkName(reference: Reference): Generator<Breach> {
  const { source, who, node, around, pointer, field, what, where } = reference;
  const name = stringValue(node) ?? '';
  if (reference.defined.has(name)) return;
  const defined = first(reference.defined, maxCandidates);
  const meant = name === '' ? undefined : suggest(name, defined);
  const problem =
    name === ''
      ? `names no ${what} (${field})`
      : `names the ${what} "${short(name)}", which ${where} does not define`;
  yield {
    at: at(source, node ?? around, pointer),
    message: `${who} ${problem}. ${listed(reference.defined, what)}`,
    compared:
      name === ''
        ? []
        : [{ what, expected: defined.slice(0, shown).map(short).join(', '), actual: short(name) }],
    subject: name,
    repair: meant === undefined ? undefined : edit(reference, name, meant),
  };
}

function edit({ form, field }: Reference, name: string, meant: string): string {
  if (form === 'key') return `write ${meant}: instead of ${name}:`;
  if (form === 'item') return `write ${meant} instead of ${name} in ${field}`;
  return `write ${field.slice(field.lastIndexOf('.') + 1)}: ${meant}`;
}

const shown = 10;
/** Names among which the nearest is looked for. */
const maxCandidates = 300;

function listed(names: Names, what: string): string {
  if (names.size === 0) return `It defines no ${what}.`;
  const rest = names.size > shown ? ` and ${names.size - shown} more` : '';
  return `Defined: ${first(names, shown).map(short).join(', ')}${rest}.`;
}

function first(names: Names, count: number): readonly string[] {
  const found: string[] = [];
  for (const name of names.keys()) {
    if (found.length === count) break;
    found.push(name);
  }
  return found;
}

function short(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

/** A scope for people. */
export function scopeName(scope: Scope): string {
  return scope.component.name === 'root' ? 'the root' : `the component "${scope.component.name}"`;
}
