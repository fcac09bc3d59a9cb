/** What `modelgate release --help` prints. */
export const releaseHelp = `Usage: modelgate release [ACTION] [--json] [--config FILE]

How merged commits get to production: the run that trains, the published model, the rollout. Redis is named by REDIS_URL
or redis.url.

  list                       what is under way, waits and is held; then the newest 20 releases (also without an action)
  show RELEASE               phases, tasks of the run, metrics, published model, rollout, what to do
  retry RELEASE              another attempt at a release that failed, was put back or superseded
  hold LINE --reason TEXT    begin nothing in the line, and do nothing more for what is under way in it
  resume LINE | RELEASE      let a held line, or a release that people had to look at, go on

RELEASE is an id, or four or more digits of the beginning of an id or a commit. LINE is host, repository id and
environment, as list shows them (corp/12/prod); the environment or the path of the repository will do where it fits one.

  --reason TEXT   why; with hold it is required, and everybody who reads the pages reads it
  --json          one JSON value instead of text
  --config FILE   the configuration (default: MODELGATE_CONFIG, else modelgate.yaml)

Exit codes: 0 done; 1 the line is held already; 2 wrong use, no such line or release, a deed that makes no sense as things
are, no Redis, or one that does not take what was to be done.
`;
