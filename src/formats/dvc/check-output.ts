import type { Problem, Span } from '../source.ts';
import { joinPointer } from '../yaml/pointer.ts';
import type { Output } from './entry.ts';
import type { DvcFileKind } from './read-dvc-file.ts';

/** What is wrong with an output beyond its shape: what DVC rejects and the STRICT rows of specs dvc 1.3 to 1.6. */
export function checkOutput(output: Output, kind: DvcFileKind): readonly Problem[] {
  return [...checkPath(output), ...checkHash(output, kind), ...checkMeasures(output)];
}

function checkPath(output: Output): readonly Problem[] {
  const { path, target } = output;
  const span = output.spans.path;
  if (target.kind === 'escapes') {
    const message = `\`${path}\` is outside of the DVC project: DVC cannot keep such an output`;
    return [
      problem(
        output,
        'escapes',
        'path',
        span,
        message,
        'keep the data inside of the project and dvc add it there',
      ),
    ];
  }
  if (target.kind === 'external') {
    if (!output.cache) return [];
    return [
      problem(
        output,
        'escapes',
        'path',
        span,
        `\`${path}\` is outside of the repository: DVC 3 keeps no such outputs`,
      ),
    ];
  }
  if (path.includes('\\')) {
    const message = `\`${path}\` works on Windows only; paths are written with /`;
    return [problem(output, 'backslash', 'path', span, message, `path: ${path.replaceAll('\\', '/')}`)];
  }
  if (/(?:\.dvc|(?:^|\/)dvc\.yaml)$/.test(target.path)) {
    return [
      problem(
        output,
        'metafile-output',
        'path',
        span,
        `\`${path}\` is the name of a metafile; DVC refuses it as an output`,
      ),
    ];
  }
  return [];
}

function checkHash(output: Output, kind: DvcFileKind): readonly Problem[] {
  const missing = !output.hashWritten && output.files === undefined && output.cloud === undefined;
  if (
    !missing ||
    kind === 'partial-import' ||
    kind === 'import' ||
    !output.cache ||
    output.target.kind !== 'inside'
  )
    return [];
  const message = `\`${output.path}\` has no hash: it was never added, and nobody can pull it`;
  return [problem(output, 'no-hash', 'md5', output.spans.entry, message, `dvc commit ${output.path}`)];
}

function checkMeasures(output: Output): readonly Problem[] {
  if (output.nfiles === undefined || output.isDirectory || output.hash === undefined) return [];
  const message =
    '`nfiles` belongs to a directory, but the hash is that of a file (a directory ends in `.dir`)';
  return [problem(output, 'nfiles', 'nfiles', output.spans.nfiles, message)];
}

function problem(
  output: Output,
  code: string,
  name: string,
  span: Span,
  message: string,
  repair?: string,
): Problem {
  return { code, message, span, pointer: joinPointer(output.pointer, name), repair };
}
