import { setTimeout as after } from "node:timers/promises";

/** Lets a window of measuring pass; rejects when the bench is over. */
export async function pass(seconds: number, signal?: AbortSignal): Promise<void> {
  await after(seconds * 1000, undefined, signal === undefined ? {} : { signal });
}
