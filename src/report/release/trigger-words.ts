import type { TriggerClass } from '../../domain/trigger.ts';

/** Why a release was made, to stand after "because". */
export const triggerWords: Readonly<Record<TriggerClass, string>> = {
  feature: 'the pipeline changed',
  data: 'the data changed',
  maintenance: 'the configuration changed',
};
