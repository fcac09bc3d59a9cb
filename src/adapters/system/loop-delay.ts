import { monitorEventLoopDelay } from 'node:perf_hooks';

const nanosecondsPerMs = 1e6;
/** How often it is looked; what is measured is never shorter. Milliseconds. */
const resolution = 20;

/** Measures how late the event loop is: a loop that is blocked renews no locks and gives no sign of life. */
export interface LoopDelay {
  /** The longest delay since this was asked last. Milliseconds. */
  longest(): number;
  stop(): void;
}

export function createLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  return {
    longest() {
      const { max } = histogram;
      histogram.reset();
      return Math.max(0, max / nanosecondsPerMs - resolution);
    },
    stop: () => void histogram.disable(),
  };
}
