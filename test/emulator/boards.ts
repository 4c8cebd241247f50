import type { Conditions } from "./conditions.ts";
import { hash32, unit } from "./random.ts";
import type { BoardReading } from "./reading.ts";

/** How many chips of a board (position from 0) do not work. */
export function deadChipsOf(conditions: Conditions, board: number, chipCount: number): number {
  if (conditions.deadBoards.includes(board)) return chipCount;
  let dead = 0;
  for (const entry of conditions.deadChips) if (entry.board === board) dead += entry.count;
  return Math.min(dead, chipCount);
}

/** The letters of a chip map. The same chips are dead each time: they stay dead as more join them. */
export function markDead(chipCount: number, deadCount: number, seed: number): string {
  if (deadCount === 0) return "o".repeat(chipCount);
  const order = Array.from({ length: chipCount }, (_, chip) => chip).sort((a, b) => hash32(seed, a) - hash32(seed, b));
  const dead = new Set(order.slice(0, deadCount));
  return Array.from({ length: chipCount }, (_, chip) => (dead.has(chip) ? "x" : "o")).join("");
}

/** A board that does not answer. */
export function absentBoard(chain: number, ratedHashrateHs: number): BoardReading {
  return {
    chain,
    present: false,
    hashrateHs: 0,
    ratedHashrateHs,
    chipCount: 0,
    chipOkCount: 0,
    chipMap: "",
    freqMhz: 0,
    voltageV: 0,
    powerW: 0,
    boardTempsC: NO_TEMPERATURES,
    chipTempsC: NO_TEMPERATURES,
    hwErrorCount: 0,
  };
}
const NO_TEMPERATURES: readonly number[] = [0, 0, 0, 0];

/** Water-cooled boards have an inlet and an outlet sensor in the first two places; the others read 0. */
export function waterTemperatures(hottestC: number, intakeC: number, own: number): Pick<BoardReading, "boardTempsC" | "chipTempsC"> {
  const inletC = Math.round(intakeC + 8);
  const outletC = Math.round(hottestC + 8 + 2 * (unit(own, 9) - 0.5));
  return { chipTempsC: [inletC, Math.max(inletC, outletC), 0, 0], boardTempsC: [inletC - 1, Math.max(inletC, outletC) - 1, 0, 0] };
}
