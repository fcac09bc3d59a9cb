import { z } from 'zod';

const digest = (digits: number, name: string) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`), `expected ${digits} lower-case hex digits`)
    .optional()
    .describe(`${name} of the content, in lower-case hex.`);

const file = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .max(512)
      .refine(isInside, 'expected a path without leading slash, backslash and empty or dot segments')
      .describe("Name below the model's directory, with `/`.")
      .meta({ examples: ['model.pkl'] }),
    uri: z
      .string()
      .min(1)
      .max(2048)
      .describe('Where the run put it.')
      .meta({ examples: ['s3://mlpipeline/auto-mpg/model.pkl'] }),
    size: z.int().min(0).optional().describe('Bytes.'),
    sha256: digest(64, 'SHA-256'),
    md5: digest(32, 'MD5'),
  })
  .refine(
    ({ sha256, md5 }) => sha256 !== undefined || md5 !== undefined,
    'has no digest; expected sha256 or md5',
  );

/** What a run writes when it hands its model over; `docs/manifest.schema.json` is made from it. */
export const manifestSchema = z.looseObject({
  version: z.literal(1).describe('Version of this format.'),
  run: z.string().min(1).describe('The id of the run, as the parameter `${run}` gave it.'),
  commit: z.string().min(1).describe('The commit, as the parameter `${commit}` gave it.'),
  format: z.string().optional().describe('Model format, as KServe names it; must be that of the policy.'),
  files: z
    .array(file)
    .min(1, 'is empty; expected at least one file')
    .max(10_000)
    .describe('The files of the model.'),
  metrics: z
    .record(z.string(), z.number())
    .default({})
    .describe('Metric and value, under the names that the limits of the policy have.')
    .meta({ examples: [{ rmse: 3.1 }] }),
});

/** A manifest. */
export type Manifest = z.output<typeof manifestSchema>;

function isInside(path: string): boolean {
  const segments = path.split('/');
  return (
    !path.includes('\\') && segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}
