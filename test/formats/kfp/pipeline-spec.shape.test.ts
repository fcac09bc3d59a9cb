import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { messages, protoDigests } from '../../../src/formats/kfp/pipeline-spec.shape.ts';

const contracts = new URL('../../../../shared/contracts/', import.meta.url);

describe('the table of messages', () => {
  test.skipIf(!existsSync(contracts)).each(Object.entries(protoDigests))(
    '%s — is the file that the table was made of',
    (name, digest) => {
      expect(
        createHash('sha256')
          .update(readFileSync(new URL(name, contracts)))
          .digest('hex'),
      ).toBe(digest);
    },
  );

  test('the messages of specs kubeflow-kserve 1.2 and 1.4 — are there', () => {
    expect(Object.keys(messages)).toEqual(
      expect.arrayContaining([
        'PipelineSpec',
        'ComponentSpec',
        'PipelineTaskSpec',
        'PlatformSpec',
        'PipelineDeploymentConfig',
        'KubernetesExecutorConfig',
      ]),
    );
    expect(messages['ComponentSpec']).toContain('dag@implementation DagSpec');
  });
});
