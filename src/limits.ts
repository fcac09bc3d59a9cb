/**
 * Bounds on hostile input. For synchronous code they are the deadline: beyond one of them a check is undecided
 * and names the setting. Bytes, counts and levels; times are milliseconds.
 */
export interface Limits {
  /** Bytes of one metafile, pipeline or policy that is parsed. */
  readonly fileBytes: number;
  /** Bytes of all metafiles, or all pipelines, that one check parses, those of the target included. */
  readonly parseBytes: number;
  /** Nesting of one YAML document. */
  readonly yamlDepth: number;
  /** Nodes of one YAML file, each alias counted with all that it stands for. */
  readonly yamlNodes: number;
  /** Aliases in one YAML file. */
  readonly yamlAliases: number;
  /** Files of one kind that a check reads. */
  readonly files: number;
  /** Bytes of one `.dir` listing. */
  readonly listingBytes: number;
  /** Objects asked for by one check. */
  readonly objects: number;
  /** Findings that one check keeps; the others are counted. */
  readonly findings: number;
  /** Time for one evaluation. */
  readonly evaluationMs: number;
}

/** The limits where the configuration sets none; `modelgate check` always has these. */
export const defaultLimits: Limits = {
  fileBytes: 5 * 1024 * 1024,
  parseBytes: 64 * 1024 * 1024,
  yamlDepth: 100,
  yamlNodes: 500_000,
  yamlAliases: 1000,
  files: 20_000,
  listingBytes: 200 * 1024 * 1024,
  objects: 1_000_000,
  findings: 1000,
  evaluationMs: 10 * 60 * 1000,
};
