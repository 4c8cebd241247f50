/** Runs at most `count` tasks at once; the others wait in order. */
export function createLimit(count: number): <T>(task: () => Promise<T>) => Promise<T> {
  let runningCount = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (runningCount >= count) await new Promise<void>((resolve) => waiting.push(resolve));
    else runningCount++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) runningCount--;
      else next();
    }
  };
}
