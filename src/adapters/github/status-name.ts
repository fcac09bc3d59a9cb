/** The name of our check and of our commit status: what branch protection asks for. */
export const statusName = 'modelgate';

/** The name of our check and of our commit status on a merged commit. */
export const productionName = 'modelgate/production';

/** The identifier of the button beside our check. */
export const retestAction = 'retest';

/** Branches that a merge queue makes: `gh-readonly-queue/main/pr-7-<sha>`. */
export const queuePrefix = 'gh-readonly-queue/';
