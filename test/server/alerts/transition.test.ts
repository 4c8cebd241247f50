import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dueAtMs, FLAP_CALM_MS, INACTIVE, isForgettable, transition, type Alert, type Verdict } from "../../../server/alerts/transition.ts";

const HELD_MS = 60_000;
const after = (steps: readonly (readonly [number, Verdict])[], from: Alert = INACTIVE): Alert =>
  steps.reduce((alert, [s, verdict]) => transition(alert, verdict, { nowMs: s * 1000, heldMs: HELD_MS }), from);

describe("transition()", () => {
  it("fires when the condition has held for its time, and not before", () => {
    expect(after([[10, "met"]])).toMatchObject({ state: "pending", sinceMs: 10_000 });
    expect(after([[10, "met"], [69, "met"]]).state).toBe("pending"); // prettier-ignore
    expect(after([[10, "met"], [70, "met"]])).toMatchObject({ state: "firing", sinceMs: 70_000 }); // prettier-ignore
  });

  it("fires at once where nothing has to be held", () => {
    expect(transition(INACTIVE, "met", { nowMs: 5, heldMs: 0 }).state).toBe("firing");
  });

  it("recovers before the time is up without firing", () => {
    expect(after([[10, "met"], [50, "unmet"]]).state).toBe("inactive"); // prettier-ignore
  });

  it("resolves a firing alert, and begins anew after that", () => {
    const resolved = after([[10, "met"], [70, "met"], [90, "unmet"]]); // prettier-ignore
    expect(resolved).toMatchObject({ state: "resolved", sinceMs: 90_000 });
    expect(after([[100, "met"]], resolved)).toMatchObject({ state: "pending", sinceMs: 100_000 });
  });

  it("neither fires nor resolves what it cannot see", () => {
    const firing = after([[10, "met"], [70, "met"]]); // prettier-ignore
    expect(after([[80, "unknown"], [9000, "unknown"]], firing)).toBe(firing); // prettier-ignore
    expect(after([[10, "met"], [20, "unknown"], [500, "unknown"]]).state).toBe("pending"); // prettier-ignore
  });

  it("does not count time that nobody could see as time held", () => {
    const back = after([[10, "met"], [30, "unknown"], [200, "met"]]); // prettier-ignore
    expect(back).toMatchObject({ state: "pending", sinceMs: 180_000 });
    expect(after([[240, "met"]], back).state).toBe("firing");
  });

  it("holds a condition that comes and goes as one alert that says so, until it was calm for five minutes", () => {
    const comings: [number, Verdict][] = [[0, "met"], [20, "unmet"], [40, "met"], [60, "unmet"], [80, "met"], [100, "unmet"], [120, "met"]]; // prettier-ignore
    const flapping = after(comings);
    expect(flapping).toMatchObject({ state: "firing", flapping: true });
    const calm = after([[140, "unmet"], [160, "met"], [180, "unmet"]], flapping); // prettier-ignore
    expect(calm).toMatchObject({ state: "firing", flapping: true, calmSinceMs: 180_000 });
    expect(dueAtMs(calm, HELD_MS)).toBe(180_000 + FLAP_CALM_MS);
    expect(after([[479, "unmet"]], calm).state).toBe("firing");
    expect(after([[480, "unmet"]], calm)).toMatchObject({ state: "resolved", flapping: false });
  });

  it("does not call calm what it cannot see", () => {
    const calm: Alert = { ...INACTIVE, state: "firing", flapping: true, calmSinceMs: 0 };
    expect(after([[100, "unknown"], [1000, "unmet"]], calm)).toMatchObject({ state: "firing", calmSinceMs: 900_000 }); // prettier-ignore
  });

  it("tells when it changes by itself", () => {
    expect(dueAtMs(after([[10, "met"]]), HELD_MS)).toBe(70_000);
    expect(dueAtMs(after([[10, "met"], [20, "unknown"]]), HELD_MS)).toBeNull(); // prettier-ignore
    expect(dueAtMs(INACTIVE, HELD_MS)).toBeNull();
  });

  it("is forgotten when nothing of it can count any more", () => {
    const recovered = after([[10, "met"], [20, "unmet"]]); // prettier-ignore
    expect(isForgettable(recovered, 30_000)).toBe(false);
    expect(isForgettable(recovered, 3_600_000)).toBe(true);
    expect(isForgettable(after([[10, "met"]]), 3_600_000)).toBe(false);
  });

  it("keeps its state through whatever it cannot see", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.constantFrom<Verdict>("met", "unmet", "unknown")), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (verdicts) => {
        let [alert, s] = [INACTIVE, 0];
        for (const [passedS, verdict] of verdicts) {
          s += passedS;
          const next = transition(alert, verdict, { nowMs: s * 1000, heldMs: HELD_MS });
          if (verdict === "unknown") expect(next.state).toBe(alert.state);
          alert = next;
        }
      }),
    );
  });
});
