import { hash32 } from "../random.ts";
import { ALTERNATIVE } from "./alternative.ts";
import type { MinerProfile } from "./profile.ts";
import { STOCK_2020, STOCK_OLD } from "./stock.ts";

/** Every kind of machine the emulator can be. */
export const PROFILES: readonly MinerProfile[] = [...STOCK_2020, ...STOCK_OLD, ...ALTERNATIVE];

const byKey = new Map(PROFILES.map((profile) => [profile.key, profile]));

/** The profile of that key, null where there is none. */
export function findProfile(key: string): MinerProfile | null {
  return byKey.get(key) ?? null;
}

/** Shares of a fleet that has grown over years: mostly X21 and X19, some older machines, some on other firmware. Sums to 100. */
const FLEET_MIX: readonly (readonly [key: string, percent: number])[] = [
  ["S21", 26],
  ["T21", 12],
  ["S21 Pro", 8],
  ["S21 XP Hyd.", 2],
  ["S19j Pro", 13],
  ["S19 XP", 10],
  ["S19k Pro", 6],
  ["S19 Pro", 6],
  ["S19", 4],
  ["S19 VNish", 3],
  ["S19k Pro LuxOS", 3],
  ["S17 Pro", 2],
  ["T17+", 1],
  ["S9", 2],
  ["S9 Braiins", 1],
  ["L3+", 1],
];

/** Which machine stands in a slot of the default fleet. Neighbours are mostly alike, as machines are bought by the pallet. */
export function fleetProfile(seed: number, index: number): MinerProfile {
  const pallet = Math.floor(index / 12);
  const odd = hash32(seed ^ 0x51ab, index) % 10 === 0;
  let rest = odd ? hash32(seed, index) % 100 : hash32(seed ^ 0x77e1, pallet) % 100;
  for (const [key, percent] of FLEET_MIX) {
    rest -= percent;
    if (rest < 0) return byKey.get(key) ?? PROFILES[0];
  }
  return PROFILES[0];
}

/** The same model on another firmware, null where there is no profile for it. */
export function findVariant(model: string, firmware: string): MinerProfile | null {
  return PROFILES.find((profile) => profile.model === model && profile.firmware === firmware) ?? null;
}
