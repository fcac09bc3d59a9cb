import { describe, expect, test } from 'vitest';
import type { KfpConfig } from '../../../src/adapters/kfp/config.ts';
import { createKfpPipelines } from '../../../src/adapters/kfp/index.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import type { KubeflowConfig } from '../../../src/sandbox/kubeflow/config.ts';
import { createKubeflowSandbox } from '../../../src/sandbox/kubeflow/sandbox.ts';
import { describePipelines, type PipelinesWorld } from '../../contracts/pipelines.ts';
import { loadKfpContract } from '../../support/kfp-contract.ts';

const contract = loadKfpContract();
/** What the adapter has asked all stand-ins of this file for, against the published description. */
const violations: string[] = [];
let asked = 0;

function connect(config: Omit<KfpConfig, 'environment'>) {
  const dispatchers = createDispatchers();
  const pipelines = createKfpPipelines(
    { environment: 'prod', ...config },
    { clock: createClock(), dispatchers },
  );
  return { pipelines, close: () => dispatchers.close() };
}

async function startWorld(config: Partial<KubeflowConfig>, token?: string): Promise<PipelinesWorld> {
  const kubeflow = await createKubeflowSandbox({ now: () => new Date(), ...config });
  const { pipelines, close } = connect({
    url: kubeflow.url,
    namespace: 'ml',
    ...(token !== undefined && { token: () => token }),
  });
  return {
    pipelines,
    honoursRunId: kubeflow.knobs.honoursRunId,
    async close() {
      asked += kubeflow.requests.length;
      if (contract.kind === 'contract')
        violations.push(...kubeflow.requests.flatMap((request) => contract.requestViolations(request)));
      await close();
      await kubeflow.close();
    },
  };
}

describePipelines('the stand-in, for one user', () => startWorld({}));
describePipelines('the stand-in, with profiles and tokens', () =>
  startWorld({ multiUser: true, bearerTokens: new Set(['a-bearer-token']) }, 'a-bearer-token'),
);
describePipelines('the stand-in of 2.15', () => startWorld({ version: '2.15.0' }));
describePipelines('a stand-in that chooses ids of runs', () =>
  startWorld({ knobs: { honoursRunId: false } }),
);

describe.skipIf(contract.kind === 'no contracts')(
  'the requests of the contract suite (skipped without ../shared/contracts)',
  () => {
    test('every one — against the published description — is right', () => {
      expect(asked).toBeGreaterThan(200);
      expect(violations).toEqual([]);
    });
  },
);

const { TEST_KFP_URL: url, TEST_KFP_TOKEN: token, TEST_KFP_NAMESPACE: namespace = 'kubeflow' } = process.env;

describe.skipIf(url === undefined)('a real server (skipped without TEST_KFP_URL)', () => {
  describePipelines('TEST_KFP_URL', async () => {
    const tokens = token === undefined ? {} : { token: () => token };
    return { ...connect({ url: url ?? '', namespace, ...tokens }), honoursRunId: true };
  });
});
