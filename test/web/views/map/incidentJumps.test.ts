import { describe, expect, it } from "vitest";
import { jumpsOf, nextJump, previousJump } from "../../../../web/views/map/incidentJumps.ts";
import { incidentOf } from "../../fakeIncidents.ts";

const MINUTE = 60_000;
const timeline = { fromMs: 10 * MINUTE, toMs: 20 * MINUTE, stepMs: MINUTE, seriesStepMs: MINUTE };
const opened = (number: number, minute: number) => incidentOf(number, { openedAtMs: minute * MINUTE, severity: "warning" });

describe("jumps to incidents", () => {
  const jumps = jumpsOf(
    [
      opened(1, 15.4),
      { ...opened(2, 15.9), severity: "critical" },
      opened(3, 12),
      opened(4, 9),
      opened(5, 20.5),
      { ...opened(6, 13), mergedIntoId: "i1" },
    ],
    timeline,
  );

  it("stand at the first step that shows what had happened, the worst first, within the timeline", () => {
    expect(jumps.map(({ atMs, incidents }) => [atMs / MINUTE, incidents.map(({ id }) => id)])).toEqual([
      [12, ["i3"]],
      [16, ["i2", "i1"]],
    ]);
  });

  it("lead to the one before and the one after an instant", () => {
    expect(previousJump(jumps, null)?.atMs).toBe(16 * MINUTE);
    expect(previousJump(jumps, 16 * MINUTE)?.atMs).toBe(12 * MINUTE);
    expect(previousJump(jumps, 12 * MINUTE)).toBeNull();
    expect(nextJump(jumps, 12 * MINUTE)?.atMs).toBe(16 * MINUTE);
    expect(nextJump(jumps, 16 * MINUTE)).toBeNull();
    expect(nextJump(jumps, null)).toBeNull();
  });
});
