/** What people are told of a phase. */
interface PhaseRow {
  readonly title: string;
  /** The status line while it is under way; `$service` stands for the InferenceService. */
  readonly doing: string;
  /** When it is taken: always, where the policy names a model or a service, or where the new model does not come up. */
  readonly taken: 'always' | 'with-model' | 'with-serving' | 'on-failure';
  /** What a failure in it means for what was there before. */
  readonly failed: string;
}

const untrained = 'Nothing was trained.';
const unpublished = 'Nothing was published, and what was served before still serves.';
const unharmed = 'What was served before still serves.';

/** The steps on the way to production, in their order. What each of them does is in `release/phases/`. */
export const phaseTable = {
  plan: { title: 'Plan', doing: 'planning', taken: 'always', failed: untrained },
  upload: {
    title: 'Upload the pipeline',
    doing: 'uploading the pipeline',
    taken: 'always',
    failed: untrained,
  },
  train: { title: 'Train', doing: 'training', taken: 'always', failed: unpublished },
  collect: {
    title: 'Collect the model',
    doing: 'reading what the run handed over',
    taken: 'with-model',
    failed: unpublished,
  },
  publish: { title: 'Publish', doing: 'publishing', taken: 'with-model', failed: unharmed },
  'roll-out': {
    title: 'Roll out',
    doing: 'rolling out on $service',
    taken: 'with-serving',
    failed: unharmed,
  },
  smoke: {
    title: 'Ask for predictions',
    doing: 'asking $service for predictions',
    taken: 'with-serving',
    failed: unharmed,
  },
  restore: {
    title: 'Put back what was there',
    doing: 'putting back what $service served before',
    taken: 'on-failure',
    failed: 'What was served before could not be put back: look at the InferenceService now.',
  },
} as const satisfies Readonly<Record<string, PhaseRow>>;

/** A phase of a release. */
export type PhaseName = keyof typeof phaseTable;

/** All phases, in their order. */
export const phaseNames = Object.keys(phaseTable).filter((name): name is PhaseName =>
  Object.hasOwn(phaseTable, name),
);
