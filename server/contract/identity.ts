import { z } from "zod";

export const FIRMWARE_FAMILIES = [
  "stock",
  "braiins",
  "vnish",
  "luxos",
  "hiveon",
  "msk",
  "asicseer",
  "marathon",
  "epic",
  "cgminer",
  "unknown",
] as const;
export const Firmware = z.object({
  family: z.enum(FIRMWARE_FAMILIES),
  version: z.string().max(200).nullable(),
});
export type Firmware = z.infer<typeof Firmware>;

export const ControlBoard = z.enum(["zynq", "beaglebone", "amlogic", "cvitek"]);
export type ControlBoard = z.infer<typeof ControlBoard>;

/** One fact about who a miner is, where it came from, and when it was last seen there. */
export const Evidence = z.object({
  kind: z.enum(["address", "mac", "serial", "controlBoard", "model", "firmware", "hostname"]),
  value: z.string().max(200),
  source: z.string().max(60), // "poll", "version", "stats", "config", "get_system_info.cgi", "miner_type.cgi", "neighbour table"
  lastSeenAtMs: z.number().int(),
});
export type Evidence = z.infer<typeof Evidence>;

/** What an agent found out about the machine at one address. A model that the replies do not state is `null`. */
export const ReportedIdentity = z.object({
  make: z.string().max(60).nullable(),
  model: z.string().max(100).nullable(),
  modelReported: z.string().max(200).nullable(), // the text of the reply, unchanged but for control characters
  firmware: Firmware,
  controlBoard: ControlBoard.nullable(),
  mac: z.string().max(17).nullable(), // lower case, colons
  serial: z.string().max(100).nullable(),
  hostname: z.string().max(100).nullable(),
  algorithm: z.string().max(32),
  evidence: z.array(Evidence).max(16),
});
export type ReportedIdentity = z.infer<typeof ReportedIdentity>;
