/** More callers wait than the queue holds. */
export class BusyError extends Error {
  override name = "BusyError";
}

/**
 * Lets at most `concurrency` tasks run at a time and at most `queueLength` wait.
 * The returned function runs a task and answers with its result; it rejects with BusyError when the queue is full.
 */
export function createSemaphore({ concurrency, queueLength }: { concurrency: number; queueLength: number }) {
  const waiting: (() => void)[] = [];
  let runningCount = 0;

  async function enter(): Promise<void> {
    if (runningCount < concurrency) {
      runningCount += 1;
      return;
    }
    if (waiting.length >= queueLength) throw new BusyError(`More than ${queueLength} callers wait for their turn`);
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) runningCount -= 1;
    else next();
  }

  return async function run<T>(task: () => Promise<T>): Promise<T> {
    await enter();
    try {
      return await task();
    } finally {
      leave();
    }
  };
}
