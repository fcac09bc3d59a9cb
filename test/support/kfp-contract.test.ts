import { describe, expect, test } from 'vitest';
import { loadKfpContract, type KfpExchange } from './kfp-contract.ts';

const contract = loadKfpContract();
const api = '/apis/v2beta1';

function violations(request: Partial<KfpExchange>): readonly string[] {
  const whole = { method: 'POST', path: `${api}/runs`, query: {}, body: undefined, ...request };
  return contract.kind === 'contract' ? contract.requestViolations(whole) : [];
}

describe.skipIf(contract.kind === 'no contracts')(
  'the Kubeflow contract (skipped without ../shared/contracts)',
  () => {
    test.each<[string, Partial<KfpExchange>]>([
      ['a run', { body: { display_name: 'x', runtime_config: { parameters: { anything: 1 } } } }],
      ['a termination', { path: `${api}/runs/r1:terminate` }],
      [
        'an upload',
        { path: `${api}/pipelines/upload`, query: { name: 'x' }, body: { uploadfile: 'p.yaml' } },
      ],
      ['a list', { method: 'GET', path: `${api}/runs`, query: { filter: '{}', page_size: '5' } }],
      ['a log', { method: 'GET', path: '/apis/v1alpha1/runs/r1/nodes/n1/log' }],
    ])('%s — is described', (_title, request) => {
      expect(violations(request)).toEqual([]);
    });

    test.each<[string, Partial<KfpExchange>, string]>([
      ['an unknown field', { body: { name: 'x' } }, 'body/name must NOT have additional properties'],
      [
        'an unknown field inside',
        { body: { runtime_config: { root: 'x' } } },
        'body/runtime_config/root must NOT',
      ],
      ['a wrong type', { body: { run_id: 5 } }, 'body/run_id must be string'],
      [
        'a filter that is unescaped twice',
        { method: 'GET', query: { filter: '{"predicates":[{"key":"a+b"}]}' } },
        'unescaped twice',
      ],
      ['a body too many', { path: `${api}/runs/r1:terminate`, body: {} }, 'body where none is known'],
      ['an unknown parameter', { method: 'GET', query: { view: 'FULL' } }, 'query view is unknown'],
      ['no such operation', { method: 'PUT' }, 'unknown operation'],
    ])('%s — is told', (_title, request, told) => {
      expect(violations(request)).toEqual([expect.stringContaining(told)]);
    });
  },
);
