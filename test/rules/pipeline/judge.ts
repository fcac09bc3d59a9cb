import { defaultPolicy } from '../../../src/domain/policy.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import { readPipelineFile } from '../../../src/formats/kfp/read-pipeline-file.ts';
import { createSource } from '../../../src/formats/source.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { applyRules } from '../../../src/rules/engine.ts';
import { pipelineRules, visitPipelines } from '../../../src/rules/pipeline/index.ts';

/** What the rules of pipelines find in one text. */
export function judge(text: string, named = false): readonly Finding[] {
  const { file, limit } = readPipelineFile(createSource('pipeline.yaml', text), {
    limits: defaultLimits,
    named,
  });
  if (file === undefined) throw new Error(limit.message);
  const settings = { policy: defaultPolicy, maxFindings: 1000 };
  const { findings, crashes } = applyRules(pipelineRules, visitPipelines({ files: [file] }), settings);
  if (crashes.length > 0) throw crashes[0]?.thrown;
  return findings;
}

/** Findings as `rule pointer`. */
export function briefly(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => `${finding.rule} ${finding.pointer}`);
}
