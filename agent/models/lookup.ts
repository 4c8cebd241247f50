import { CATALOGUE, type MinerModel } from "./catalogue.ts";

/** A type string as the catalogue compares it: "Antminer S19 Pro Hyd." and "S19PRO HYDRO" are one. */
function comparable(type: string): string {
  return type
    .toUpperCase()
    .replace(/[\s._-]+/g, "")
    .replace(/HYD(?:RO)?$/, "HYD")
    .replace(/IMM(?:ERSION)?$/, "IMM");
}

const byType = new Map<string, MinerModel>();
for (const model of CATALOGUE) for (const type of model.types) byType.set(comparable(type), model);

/** Names of hashboards that some units report as their model (BHB42XXX stands for an S19j Pro and for an S19j Pro+). */
const BOARD_NAME = /^(?:[ABH]HB|H6HB|A3HB|NBP|BSL)\d{2}[\dX]*$/;

/**
 * The model that goes by this name (a type string without "Antminer " and firmware text); null for a name that the catalogue does not hold.
 * Never the nearest relative: an S21 XP Hyd. is no S21 XP. Units made for immersion may add "_i" to their model.
 */
export function modelOf(name: string): MinerModel | null {
  const exact = byType.get(comparable(name));
  if (exact !== undefined) return exact;
  return /_i$/i.test(name) ? (byType.get(comparable(name.slice(0, -2))) ?? null) : null;
}

/** True for the name of a hashboard that leaves open which model it is in. */
export function isBoardName(name: string): boolean {
  return modelOf(name) === null && BOARD_NAME.test(comparable(name));
}

/** The algorithm of a series whose machines all share one, by the model's name; "unknown" elsewhere. S and T are SHA-256, L scrypt, Z equihash. */
export function algorithmOf(name: string | null): string {
  const model = name === null ? null : modelOf(name);
  if (model !== null) return model.algorithm;
  if (name === null) return "unknown";
  if (/^[ST]\d/i.test(name)) return "sha256d";
  if (/^L\d/i.test(name)) return "scrypt";
  return /^Z\d/i.test(name) ? "equihash" : "unknown";
}
