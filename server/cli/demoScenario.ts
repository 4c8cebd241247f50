import type { Scenario, ScenarioEventInput } from "../../test/emulator/scenario.ts";

const MINUTE_MS = 60_000;
const RACK = 48;
/** By then the first scan has found every miner. */
const FOUND_MS = 20_000;

/** Faults that a visitor of the demo meets: some that stay, some that come and go, a rack that loses power for a while. */
export function demoScenario(minerCount: number): Scenario {
  const at = (share: number) => Math.min(minerCount - 1, Math.floor(share * minerCount));
  const lasting: ScenarioEventInput[] = [
    { atMs: FOUND_MS, miners: [at(0.11), at(0.52)], fault: "deadBoard" },
    { atMs: FOUND_MS, miners: [at(0.23), at(0.71), at(0.86)], fault: "deadChips", chips: 9 },
    { atMs: FOUND_MS, miners: [at(0.34)], fault: "fanStopped" },
    { atMs: FOUND_MS, miners: [at(0.42), at(0.43)], fault: "sleep" },
    { atMs: FOUND_MS, miners: [at(0.64)], fault: "refuse" },
    { atMs: FOUND_MS, miners: [at(0.77)], fault: "hang" },
    { atMs: FOUND_MS, miners: [at(0.93)], fault: "garbage" },
  ];
  const passing: ScenarioEventInput[] = [
    { atMs: MINUTE_MS, forMs: 5 * MINUTE_MS, miners: [at(0.17)], fault: "overheat" },
    { atMs: 2 * MINUTE_MS, forMs: 4 * MINUTE_MS, miners: [at(0.58)], fault: "poolLoss", pools: "all" },
    { atMs: 4 * MINUTE_MS, miners: [at(0.05), at(0.06)], fault: "reboot" },
    { atMs: 8 * MINUTE_MS, forMs: 3 * MINUTE_MS, miners: [at(0.61)], fault: "deadBoard" },
  ];
  const rack: ScenarioEventInput[] =
    minerCount >= 4 * RACK ? [{ atMs: 3 * MINUTE_MS, forMs: 4 * MINUTE_MS, miners: { rack: 2 }, fault: "powerLoss" }] : [];
  return { events: [...lasting, ...passing, ...rack] };
}
