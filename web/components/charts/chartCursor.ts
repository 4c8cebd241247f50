/** The instant under the cursor, shared by all charts of a page. It moves with every pixel of the pointer, so it stays outside the views' state. */
export class ChartCursor {
  atMs: number | null = null;
  #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  read = (): number | null => this.atMs;

  moveTo(atMs: number | null): void {
    if (atMs === this.atMs) return;
    this.atMs = atMs;
    for (const listener of this.#listeners) listener();
  }
}

/** Position of the instant nearest to `atMs` in an ascending list; the last one without a cursor, -1 in an empty list. */
export function indexAt(timesMs: readonly number[], atMs: number | null): number {
  if (atMs === null) return timesMs.length - 1;
  let [low, high] = [0, timesMs.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (timesMs[middle] <= atMs) low = middle;
    else high = middle;
  }
  return Math.abs((timesMs[high] ?? Infinity) - atMs) < Math.abs((timesMs[low] ?? Infinity) - atMs) ? high : low;
}
