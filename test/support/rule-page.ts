/** A rule's page as data: its id and its examples, each a little repository with the findings it should have. */
export interface RulePage {
  readonly id: string;
  readonly examples: readonly Example[];
}

/** One `## Wrong:` or `## Right:` section. */
export interface Example {
  readonly kind: 'wrong' | 'right';
  readonly title: string;
  /** Files of the common ancestor, of the target branch, and of the change. */
  readonly base: Readonly<Record<string, string>>;
  readonly target: Readonly<Record<string, string>>;
  readonly change: Readonly<Record<string, string>>;
  /** Url of a data remote → its objects. */
  readonly remotes: Readonly<Record<string, readonly RemoteObject[]>>;
  /** Where the rule must find something: `file:line`, or `file` where no line is marked. */
  readonly expected: readonly string[];
}

export interface RemoteObject {
  readonly key: string;
  readonly content: string;
  readonly version: string | undefined;
}

interface Fence {
  readonly info: string;
  readonly lines: readonly string[];
}

const marker = /\s*#\s*<-- here\s*$/;

/** Reads a page. Throws where the page is not of the form that CONTRIBUTING.md describes. */
export function readRulePage(markdown: string): RulePage {
  const id = /^# (\S+)/.exec(markdown)?.[1];
  if (id === undefined) throw new Error('a rule page begins with "# group/name"');
  const sections = markdown.split(/^## /m).slice(1);
  const examples = sections.flatMap((section) => {
    const heading = /^(Wrong|Right): (.+)$/m.exec(section.split('\n', 1)[0] ?? '');
    return heading === null
      ? []
      : [toExample(heading[1] === 'Wrong' ? 'wrong' : 'right', heading[2] ?? '', fencesOf(section))];
  });
  return { id, examples };
}

function toExample(kind: Example['kind'], title: string, fences: readonly Fence[]): Example {
  const base: Record<string, string> = {};
  const target: Record<string, string> = {};
  const change: Record<string, string> = {};
  const remotes: Record<string, RemoteObject[]> = {};
  const expected: string[] = [];
  for (const { info, lines } of fences) {
    const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
    if (/^\w+ policy$/.test(info.trim())) {
      for (const side of [base, target, change]) side['.modelgate.yaml'] = text;
      continue;
    }
    const [, where, name] = /\b(file|target|base|remote)=(\S+)/.exec(info) ?? [];
    if (where === undefined || name === undefined) continue;
    if (where === 'base') base[name] = text;
    if (where === 'target') target[name] = text;
    if (where === 'file') change[name] = text;
    if (where === 'remote') remotes[name] = lines.filter((line) => line.trim() !== '').map(toObject);
    for (const [index, line] of lines.entries()) if (marker.test(line)) expected.push(`${name}:${index + 1}`);
    if (/\bhere\b/.test(info.replace(name, ''))) expected.push(name);
  }
  return { kind, title, base, target, change, remotes, expected };
}

function toObject(line: string): RemoteObject {
  const match = /^(\S+) ("(?:[^"\\]|\\.)*")(?: version=(\S+))?$/.exec(line.trim());
  if (match === null) throw new Error(`not an object of a remote: ${line}`);
  return { key: match[1] ?? '', content: String(JSON.parse(match[2] ?? '""')), version: match[3] };
}

function fencesOf(section: string): readonly Fence[] {
  const fences: Fence[] = [];
  const pattern = /^(`{3,})([^\n]*)\n([\s\S]*?)^\1\s*$/gm;
  for (const match of section.matchAll(pattern)) {
    const body = match[3] ?? '';
    fences.push({ info: match[2] ?? '', lines: body === '' ? [] : body.replace(/\n$/, '').split('\n') });
  }
  return fences;
}
