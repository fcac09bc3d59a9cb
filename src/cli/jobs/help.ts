/** What `modelgate jobs --help` prints. */
export const jobsHelp = `Usage: modelgate jobs [ACTION] [--json] [--config FILE]

What runs, waits and fails in an installation, and what can be done about it. Redis is named by REDIS_URL or redis.url.

  (none)               pause, workers, queues, and what is stuck or wrong with Redis
  failed               jobs that fail: why, since when, and when they are tried again
  retry KEY | --all    try a failed job, or all of them, at once
  pause --reason TEXT  from now on write nothing to any Git host, and release nothing; intake goes on, and nothing is lost
  resume               let effects happen again
  workers              the workers and what they are doing
  audit                the last 100 deeds: who paused, held, resumed, retried or judged again what, and why

  --reason TEXT   why; with pause it is required, and everybody who reads the pages reads it
  --all           with retry: all failed jobs
  --json          one JSON value instead of a table
  --config FILE   the configuration (default: MODELGATE_CONFIG, else modelgate.yaml)

Exit codes: 0 done; 1 something is stuck or Redis is not as it has to be (without an action), there is no such failed
job, or effects are paused already; 2 wrong use, no Redis, or one that does not take what was to be done.
`;
