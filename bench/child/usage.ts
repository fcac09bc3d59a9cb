import { readFileSync } from 'node:fs';

/** What a process has used since it began. */
export interface Usage {
  /** User and system time of the process itself, all threads. Microseconds. */
  readonly cpuUs: number;
  /** The same of its children that ended, such as git; a clock of 10 ms. */
  readonly childrenUs: number;
  readonly rssBytes: number;
  readonly peakRssBytes: number;
}

/** Of this process. Linux tells of children; elsewhere that is 0. */
export function usageOfThisProcess(): Usage {
  const { user, system } = process.cpuUsage();
  return {
    cpuUs: user + system,
    childrenUs: childrenTicks() * 10_000,
    rssBytes: process.memoryUsage.rss(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** `cutime` and `cstime`, fields 16 and 17 of proc_pid_stat(5), the third being the first after the name. */
function childrenTicks(): number {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[13]) + Number(fields[14]);
  } catch {
    return 0;
  }
}
