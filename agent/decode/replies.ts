import type { FIRMWARE_FAMILIES } from "../../server/contract/identity.ts";
import type { Pool } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import { rowsOf } from "../cgminer/replies.ts";
import type { MinerModel } from "../models/catalogue.ts";

/** Commands whose replies are decoded. `newStats` is `stats` with `new_api`. */
export type CommandName = "version" | "stats" | "newStats" | "summary" | "pools" | "devs" | "temps" | "fans" | "power" | "config";

/** The last good reply of each command; absent: not asked, refused, or unreadable. */
export type Replies = { readonly [C in CommandName]?: RawObject | undefined };

export type FirmwareFamily = (typeof FIRMWARE_FAMILIES)[number];

/** What is known about the machine before a sample is decoded. */
export interface Machine {
  readonly family: FirmwareFamily;
  readonly model: MinerModel | null;
  readonly algorithm: string;
}

/** Pools of the operator, and whether the reply held the firmware maker's own as well. */
export interface DecodedPools {
  readonly pools: Pool[];
  readonly hasFeePool: boolean;
}

/** All that goes into one sample. Instants and durations in ms. */
export interface DecodeInput {
  readonly replies: Replies;
  readonly machine: Machine;
  readonly pools: DecodedPools;
  readonly agentAtMs: number;
  readonly durationMs: number;
}

const EMPTY: RawObject = {};

/** The row of `stats` that says who the machine is: found by its Type, never by position. */
export function identityRow(stats: RawObject | undefined): RawObject {
  return rowsOf(stats, "STATS").find((row) => "Type" in row) ?? EMPTY;
}

/** The row of `stats` that holds the readings; empty when there is none. */
export function dataRow(stats: RawObject | undefined): RawObject {
  const rows = rowsOf(stats, "STATS");
  return rows.find((row) => "GHS 5s" in row) ?? rows.find((row) => "Elapsed" in row) ?? EMPTY;
}

export function summaryRow(replies: Replies): RawObject {
  return rowsOf(replies.summary, "SUMMARY")[0] ?? EMPTY;
}

/** The type string of `stats`, else of `version`, raw; where the two differ that of `stats` is the longer name. */
export function typeOf(replies: Replies): string | null {
  const type = identityRow(replies.stats).Type ?? rowsOf(replies.version, "VERSION")[0]?.Type ?? rowsOf(replies.newStats, "INFO")[0]?.type;
  return typeof type === "string" && type.trim() !== "" ? type : null;
}
