import { describe, expect, it } from "vitest";
import { LiveTail } from "../../../web/views/fleet/liveTail.ts";

const STEP = 60;

function tailOf(lengthMs = 100_000): LiveTail {
  const loaded = {
    stepMs: STEP,
    timesMs: [0, 60, 120],
    series: { a: [1, 2, 3], "t:max": [7, 8, 9] },
    backfilled: [[30, 50]] as [number, number][],
  };
  return new LiveTail(loaded, lengthMs);
}
const push = (tail: LiveTail, atMs: number, value: number): void => tail.push(atMs, { a: value, "t:max": value });

describe("LiveTail", () => {
  it("ends with the values of this moment, in place of those a moment ago", () => {
    const tail = tailOf();
    push(tail, 150, 4);
    push(tail, 155, 6);
    expect(tail.columns.timesMs).toEqual([0, 60, 120, 155]);
    expect(tail.columns.series["a"]).toEqual([1, 2, 3, 6]);
    expect(tail.columns.backfilled).toEqual([[30, 50]]);
  });

  it("leaves a step as it was loaded, and makes one of each that is over since: the mean, the most of what is a maximum", () => {
    const tail = tailOf();
    push(tail, 150, 4);
    push(tail, 181, 10);
    push(tail, 200, 20);
    push(tail, 241, 5);
    expect(tail.columns.timesMs).toEqual([0, 60, 120, 180, 241]);
    expect(tail.columns.series).toEqual({ a: [1, 2, 3, 15, 5], "t:max": [7, 8, 9, 20, 5] });
    expect(tail.hasGap).toBe(false);
  });

  it("takes the place of the step in progress where that was loaded without what is known once it is over", () => {
    const series = { a: [1, 2, 3], state: [5, 5, null], never: [null, null, null] };
    const tail = new LiveTail({ stepMs: STEP, timesMs: [0, 60, 120], series, backfilled: [] }, 1000);
    tail.push(150, { a: 4, state: 6, never: null });
    tail.push(181, { a: 7, state: 6, never: null });
    expect(tail.columns.timesMs).toEqual([0, 60, 120, 181]);
    expect(tail.columns.series).toEqual({ a: [1, 2, 4, 7], state: [5, 5, 6, 6], never: [null, null, null, null] });
    expect(tail.hasGap).toBe(false);
  });

  it("breaks the line where steps are missing, and says so", () => {
    const tail = tailOf();
    push(tail, 130, 4);
    push(tail, 400, 5);
    expect(tail.columns.timesMs).toEqual([0, 60, 120, 180, 400]);
    expect(tail.columns.series["a"]).toEqual([1, 2, 3, null, 5]);
    expect(tail.hasGap).toBe(true);
  });

  it("drops what is older than the range", () => {
    const tail = tailOf(100);
    push(tail, 190, 4);
    push(tail, 241, 5);
    expect(tail.columns.timesMs).toEqual([120, 180, 241]);
  });

  it("goes on from nothing", () => {
    const tail = new LiveTail({ stepMs: STEP, timesMs: [], series: { a: [] }, backfilled: [] }, 1000);
    tail.push(150, { a: null });
    expect(tail.columns).toMatchObject({ timesMs: [150], series: { a: [null] } });
    expect(tail.hasGap).toBe(false);
  });
});
