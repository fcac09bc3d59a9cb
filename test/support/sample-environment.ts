import type { Environment } from '../../src/domain/environment.ts';
import { sampleRun } from './sample-run.ts';

/** An environment that serves the sample repository, from its default branch and from `next`. */
export const sampleEnvironment: Environment = {
  name: 'prod',
  serves: (path) => path === sampleRun().change.repository.path,
  names: (branch) => branch === 'next',
  releasesPerDay: 10,
  trains: true,
  publish: undefined,
  handover: undefined,
  mayChange: undefined,
};
