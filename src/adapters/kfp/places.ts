import { emptyHash, hashOn, nodeId, readNodeId } from './argo-ids.ts';
import { attemptOf, isExecutor } from './people-name.ts';
import type { TaskRow } from './task-rows.ts';

/** Where an Argo node is: the names from the workflow down to it. */
export type Place = readonly string[];

/** Where the rows of a run are in its workflow. */
export interface Places {
  /** undefined: it cannot be told. */
  of(row: TaskRow): Place | undefined;
  /** Whether the row is the workflow itself. */
  isWorkflow(row: TaskRow): boolean;
  /** The ids of the attempts at an executor, oldest first; none where the id is not one of an executor. */
  attempts(id: string): readonly string[];
}

/** Beyond this many rows the search would take noticeable time; then the rows' names have to do. */
const mostRows = 1000;

/**
 * Finds the rows' places. Servers fill the rows from Argo's nodes and leave out both the row's own node and its parent
 * (specs kubeflow-kserve 4.2); only the ids of the nodes that follow are there. As the ids are hashes of the nodes'
 * names, they can be found again: there is a node at a place when its id is among them. Where a server names parents,
 * they are believed.
 */
export function findPlaces(rows: readonly TaskRow[]): Places {
  const ids = new Set(rows.flatMap((row) => row.children));
  const workflow = [...ids].map(readNodeId).find((id) => id !== undefined)?.workflow;
  const known =
    workflow === undefined || rows.length > mostRows ? new Map<string, Place>() : search(rows, workflow, ids);
  const attempts = attemptsIn(known);
  const byName = placesByName(known);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const aroundAll = new Set(
    rows.flatMap((row) => (/^root(?:-driver)?$/.test(row.name) ? row.parent || [] : [])),
  );
  const isWorkflow = (row: TaskRow): boolean => row.name === workflow || aroundAll.has(row.id);
  const byParents = (row: TaskRow): Place | undefined => {
    const rows = ancestors(row, byId);
    if (rows.length < 2) return undefined;
    const names = rows.map(({ name }) => name);
    return rows[0] !== undefined && isWorkflow(rows[0]) ? names : [workflow ?? '', ...names];
  };
  return {
    isWorkflow,
    of: (row) => placeByChildren(row, known) ?? byParents(row) ?? byName.get(row.name),
    attempts(id) {
      const place = known.get(id);
      if (place === undefined || !isExecutor(place.at(-1) ?? '')) return [];
      return attempts.get(nodeId(place.slice(0, -1))) ?? [id];
    },
  };
}

/** Places by the ids of their nodes, from the workflow down. */
function search(
  rows: readonly TaskRow[],
  workflow: string,
  ids: ReadonlySet<string>,
): ReadonlyMap<string, Place> {
  const rowNames = new Set(rows.map((row) => row.name));
  const names = [...rowNames].map((name) => [name, Buffer.from(`.${name}`)] as const);
  const isTask = (name: string): boolean => rowNames.has(`${name}-driver`);
  const isPod = (name: string): boolean => !isTask(name) && (isExecutor(name) || name.endsWith('-driver'));
  const hashes = new Set([...ids].map((id) => readNodeId(id)?.hash));
  const known = new Map<string, Place>([[workflow, [workflow]]]);
  const queue = [{ place: [workflow], hash: hashOn(emptyHash, workflow) }];
  for (const { place, hash } of queue) {
    for (const [name, bytes] of names) {
      const grown = hashOn(hash, bytes);
      if (!hashes.has(grown)) continue;
      const id = `${workflow}-${grown}`;
      if (!ids.has(id) || known.has(id)) continue;
      const inside = [...place, name];
      known.set(id, inside);
      if (!isPod(name)) queue.push({ place: inside, hash: grown });
    }
  }
  return known;
}

/** What follows a DAG is inside of it, what follows a driver is beside it; what follows an executor is further out. */
function placeByChildren(row: TaskRow, known: ReadonlyMap<string, Place>): Place | undefined {
  for (const child of row.children) {
    const outside = known.get(child)?.slice(0, -1);
    if (outside === undefined || outside.length === 0) continue;
    if (outside.at(-1) === row.name) return outside;
    const beside = [...outside, row.name];
    if (known.has(nodeId(beside))) return beside;
  }
  return undefined;
}

/** The places of names that there is but one place of. */
function placesByName(known: ReadonlyMap<string, Place>): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  const twice = new Set<string>();
  for (const place of known.values()) {
    const name = place.at(-1) ?? '';
    if (found.has(name)) twice.add(name);
    found.set(name, place);
  }
  for (const name of twice) found.delete(name);
  return found;
}

/** The row and what it is inside of, the outermost first. */
function ancestors(row: TaskRow, byId: ReadonlyMap<string, TaskRow>): readonly TaskRow[] {
  const found = new Set<TaskRow>();
  for (let next: TaskRow | undefined = row; next !== undefined && !found.has(next);) {
    found.add(next);
    next = byId.get(next.parent ?? '');
  }
  return [...found].toReversed();
}

/** The attempts at executors, oldest first, by the id of what they are inside of. */
function attemptsIn(known: ReadonlyMap<string, Place>): ReadonlyMap<string, readonly string[]> {
  const numbered = [...known].flatMap(([id, place]) => {
    const number = attemptOf(place.at(-1) ?? '');
    return number === undefined ? [] : { id, number, outside: nodeId(place.slice(0, -1)) };
  });
  const sorted = numbered.toSorted((one, two) => one.number - two.number);
  const found = new Map<string, string[]>();
  for (const { id, outside } of sorted) found.set(outside, [...(found.get(outside) ?? []), id]);
  return found;
}
