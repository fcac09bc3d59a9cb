import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changed, smallPipeline, startKubeflow, type KubeflowWorld, type UploadOptions } from './world.ts';

const corpora = new URL('../../../../shared/corpora/kfp/', import.meta.url);
const example = new URL(
  '../../../examples/auto-mpg/repository/pipelines/production-pipeline.yaml',
  import.meta.url,
);
const corpusOf = (folder: string): readonly string[] => {
  const address = new URL(`${folder}/`, corpora);
  return existsSync(address) ? readdirSync(address).map((name) => `${folder}/${name}`) : [];
};

describe('uploads', () => {
  let world: KubeflowWorld;

  beforeEach(async () => {
    world = await startKubeflow();
  });
  afterEach(() => world.close());

  test('a pipeline — uploaded — is there with a first version of its name, which the answer does not tell', async () => {
    const { status, body } = await world.upload(readFileSync(example, 'utf8'), {
      query: { name: 'cars', description: 'from main' },
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      pipeline_id: expect.any(String),
      name: 'cars',
      display_name: 'cars',
      description: 'from main',
      created_at: '2026-05-04T10:00:00Z',
    });
    const versions = await world.api('GET', `/pipelines/${body.pipeline_id}/versions`);
    expect(versions.body).toEqual({
      pipeline_versions: [
        {
          pipeline_id: body.pipeline_id,
          pipeline_version_id: expect.any(String),
          name: 'cars',
          display_name: 'cars',
          description: 'from main',
          created_at: '2026-05-04T10:00:00Z',
          pipeline_spec: expect.objectContaining({ pipelineInfo: { name: 'auto-mpg' } }),
        },
      ],
      total_size: 1,
    });
  });

  test('a pipeline — asked for by name — is found, others are not', async () => {
    const { body } = await world.upload(smallPipeline, { query: { name: 'cars' } });

    expect((await world.api('GET', '/pipelines/names/cars')).body).toEqual(body);
    expect((await world.api('GET', `/pipelines/${body.pipeline_id}`)).body).toEqual(body);
    const missing = await world.api('GET', '/pipelines/names/bikes');
    expect(missing.status).toBe(404);
    expect(missing.body).toEqual({
      code: 5,
      message:
        'Failed to get a pipeline by name and namespace: ResourceNotFoundError: Namespace/Pipeline /bikes not found',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.Status',
          code: 5,
          message: 'Namespace/Pipeline /bikes not found',
        },
      ],
    });
  });

  test('a name — taken — is 409 in the words of uploads', async () => {
    await world.upload(smallPipeline, { query: { name: 'cars' } });

    const again = await world.upload(smallPipeline, { query: { name: 'cars' } });

    const message = 'Failed to create a pipeline and a pipeline version';
    expect(again).toMatchObject({ status: 409, body: { error_message: message, error_details: message } });
    expect(world.kubeflow.pipelines()).toHaveLength(1);
  });

  test('a version — uploaded — is answered whole; its name can be taken once', async () => {
    const { pipeline_id: pipelineid } = await world.reference();
    const options: UploadOptions = {
      path: 'upload_version',
      query: { pipelineid, name: '1a2b3c-77', description: 'sha256 77', tags: '{"commit":"1a2b3c"}' },
    };

    const first = await world.upload(smallPipeline, options);
    const again = await world.upload(smallPipeline, options);

    expect(first.body).toMatchObject({
      pipeline_id: pipelineid,
      name: '1a2b3c-77',
      tags: { commit: '1a2b3c' },
    });
    const message = 'Failed to create a pipeline version';
    expect(again).toMatchObject({ status: 409, body: { error_message: message, error_details: message } });
    const filter = JSON.stringify({
      predicates: [{ operation: 'EQUALS', key: 'name', string_value: '1a2b3c-77' }],
    });
    const found = await world.api(
      'GET',
      `/pipelines/${pipelineid}/versions?filter=${encodeURIComponent(filter)}`,
    );
    expect(found.body).toEqual({ pipeline_versions: [first.body], total_size: 1 });
    const { pipeline_version_id } = first.body;
    const one = await world.api('GET', `/pipelines/${pipelineid}/versions/${pipeline_version_id}`);
    expect(one.body).toEqual(first.body);
  });

  test('tags — at a server before 2.17 — are not looked at', async () => {
    const old = await startKubeflow({ version: '2.15.2' });

    const { body } = await old.upload(smallPipeline, { query: { name: 'cars', tags: '{"a":"b"}' } });

    expect(body.tags).toBeUndefined();
    await old.close();
  });

  test('a platform document — uploaded — is kept beside the specification', async () => {
    const platform = { platforms: { kubernetes: { pipelineConfig: { resourceTtlOnCompletion: 60 } } } };
    await world.upload(`${smallPipeline}\n---\n${JSON.stringify(platform)}`, { query: { name: 'cars' } });
    await world.upload(`${smallPipeline}\n---\n{"platform": {}}`, { query: { name: 'typo' } });

    const [kept, dropped] = world.kubeflow.versions();
    expect(kept?.package.platform).toEqual(platform);
    expect(dropped?.package.platform).toBeUndefined();
  });

  test('what the parts refer to — at upload — is not looked at', async () => {
    const text = changed((pipeline) => {
      pipeline.root.dag.tasks.train = { componentRef: { name: 'comp-nowhere' } };
    });

    expect(await world.upload(text, { query: { name: 'cars' } })).toMatchObject({ status: 200 });
  });

  const refused: readonly [string, string, UploadOptions, string][] = [
    ['another field', smallPipeline, { field: 'file' }, 'Failed to read pipeline from file'],
    ['a picture', smallPipeline, { fileName: 'a.png' }, 'Failed to read a pipeline spec file'],
    ['no document', '# nothing\n', {}, 'unknown template format'],
    [
      'no YAML',
      'a: [',
      {},
      'failed to parse pipeline spec YAML: yaml: line 2: did not find the end of a flow collection',
    ],
    [
      'a misspelt field',
      changed((pipeline) => void (pipeline['components_1'] = {})),
      {},
      'unknown template format',
    ],
    [
      'a misspelt field inside',
      changed((pipeline) => void Object.assign(pipeline.root.dag.tasks.train, { input: {} })),
      {},
      'unknown template format',
    ],
    ['no name', changed((pipeline) => void (pipeline.pipelineInfo.name = '')), {}, 'unknown template format'],
    [
      'capitals in the name',
      changed((pipeline) => void (pipeline.pipelineInfo.name = 'Cars')),
      {},
      "pipeline's name must contain only lowercase alphanumeric characters or '-' and must start with alphanumeric characters",
    ],
    [
      'an old schema',
      changed((pipeline) => void (pipeline.schemaVersion = '2.0.0')),
      {},
      'KFP only supports schema version 2.1.0, but the pipeline spec has version 2.0.0',
    ],
    ['two specifications', `${smallPipeline}\n---\n${smallPipeline}`, {}, 'multiple pipeline specs provided'],
    [
      'wrong tags',
      smallPipeline,
      { query: { tags: '[]' } },
      'Failed to parse tags query parameter. Expected JSON object with string keys and values',
    ],
    [
      'a version of nothing',
      smallPipeline,
      { path: 'upload_version', query: { pipelineid: 'x' } },
      'Failed to create a pipeline version',
    ],
  ];
  test.each(refused)('%s — uploaded — is refused with 400', async (_name, text, options, message) => {
    const { status, body } = await world.upload(text, options);

    expect({ status, body }).toEqual({
      status: 400,
      body: { error_message: message, error_details: message },
    });
    expect(world.kubeflow.versions()).toEqual([]);
  });

  test('a body that was cut — uploaded — holds no file', async () => {
    const part = 'content-disposition: form-data; name="uploadfile"; filename="a.yaml"';
    const body = `--x\r\n${part}\r\n\r\n${smallPipeline}\r\n--y`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const send = (text: string): Promise<Response> =>
      fetch(`${world.kubeflow.url}/apis/v2beta1/pipelines/upload`, { method: 'POST', headers, body: text });

    expect((await send(body)).status).toBe(400);
    expect((await send(`${body}\r\n--x`)).status).toBe(400);
    expect((await send(`${body.slice(0, -3)}--x--\r\n`)).status).toBe(200);
  });

  test('a name of 129 letters — uploaded — is refused in plain text', async () => {
    const { status, body } = await world.upload(smallPipeline, { query: { name: 'a'.repeat(129) } });

    expect({ status, body }).toEqual({ status: 400, body: 'Pipeline.Name length cannot exceed 128\n' });
  });

  describe.skipIf(corpusOf('valid').length === 0)('the corpus (skipped without ../shared/corpora)', () => {
    test.each(corpusOf('valid'))('%s — uploaded — is accepted', async (name) => {
      const { status, body } = await world.upload(readFileSync(new URL(name, corpora), 'utf8'));

      expect({ status, body }).toMatchObject({ status: 200, body: { name: 'pipeline.yaml' } });
    });

    test.each(corpusOf('invalid'))('%s — uploaded — is refused', async (name) => {
      const fileName = name.split('/')[1] ?? '';
      const { status } = await world.upload(readFileSync(new URL(name, corpora), 'utf8'), { fileName });

      expect(status).toBe(400);
    });
  });
});
