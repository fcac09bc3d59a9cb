/**
 * A structural path one step deeper: `outs/0` and `md5` give `outs/0/md5`; `/` and `~` in names as in RFC 6901.
 * Names are cut at 200 units: they come from outside and end up in findings.
 */
export function joinPointer(parent: string, step: string | number): string {
  const name =
    typeof step === 'number' ? String(step) : step.slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1');
  return parent === '' ? name : `${parent}/${name}`;
}
