import type { Machine } from "../machine.ts";
import type { Reading } from "../reading.ts";

/** What an answer is made of. `reading` is what the machine says, which a fault may have bent away from the truth. */
export interface Answering {
  readonly machine: Machine;
  readonly reading: Reading;
  readonly whenS: number; // the miner's own clock, unix seconds
}
export type Answer = (answering: Answering) => string;

export interface Failure {
  readonly code: number;
  readonly message: string;
}

/** How one firmware takes requests and writes answers, for one profile. */
export interface Dialect {
  /** Whole JSON answers by command. */
  readonly commands: ReadonlyMap<string, Answer>;
  /** Commands that exist and are refused with code 45, as the shipped `api-groups` says. */
  readonly denied: ReadonlySet<string>;
  /** Whether `a+b` works. */
  readonly joins: boolean;
  /** Bitmain's rewrite of 2020: 15 characters of a command, no code 23, and the second set of answers. */
  readonly rewrite: { readonly newApi: ReadonlyMap<string, Answer> } | null;
  readonly failure: (failure: Failure, whenS: number) => string;
}

/** The report commands that cgminer 4 knows besides those that the stock groups permit. */
export const CGMINER_ONLY: readonly string[] = [
  "config",
  "edevs",
  "asc",
  "asccount",
  "notify",
  "devdetails",
  "estats",
  "coin",
  "lcd",
  "check",
  "usbstats",
  "dbgstats",
];

/** The head of an answer as cgminer prints it: no blanks. */
export function head(status: { whenS: number; code: number; message: string; description: string; letter?: string }): string {
  const { whenS, code, message, description, letter = "S" } = status;
  return `{"STATUS":[{"STATUS":"${letter}","When":${whenS},"Code":${code},"Msg":"${message}","Description":"${description}"}]`;
}

/** `name1..nameN` with one constant value, comma-joined. */
export function repeated(name: (n: number) => string, value: string, from: number, to: number): string {
  let text = "";
  for (let n = from; n <= to; n++) text += `${n === from ? "" : ","}"${name(n)}":${value}`;
  return text;
}

/** Letters of a chip map in groups, each behind a blank. */
export function grouped(map: string, size: number): string {
  const cached = groupedMaps.get(map);
  if (cached !== undefined && cached.size === size) return cached.text;
  let text = "";
  for (let at = 0; at < map.length; at += size) text += ` ${map.slice(at, at + size)}`;
  if (groupedMaps.size > 4096) groupedMaps.clear();
  groupedMaps.set(map, { size, text });
  return text;
}
const groupedMaps = new Map<string, { size: number; text: string }>();

/** Share difficulty as the pools answer abbreviates it: 524288 → "524K", 8192 → "8.19K". */
export function shortDifficulty(difficulty: number): string {
  if (difficulty < 1000) return String(difficulty);
  const thousands = difficulty / 1000;
  return `${thousands >= 100 ? thousands.toFixed(0) : thousands.toPrecision(3)}K`;
}

/** Seconds as h:mm:ss. */
export function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Host of a pool URL, without scheme and port. */
export function hostOf(url: string): string {
  return url.replace(/^.*:\/\//, "").replace(/[:/#].*$/, "");
}

/** Figures of a whole machine that only the answers need, derived from its reading. */
export function workFigures({ machine, reading }: Answering): {
  getworks: number;
  discarded: number;
  localWork: number;
  bestShare: number;
  difficultyAccepted: number;
  difficultyRejected: number;
  difficultyStale: number;
  utility: number;
  workUtility: number;
  totalMh: number;
} {
  const difficulty = machine.profile.poolDifficulty;
  const minutes = Math.max(reading.uptimeS, 1) / 60;
  return {
    getworks: Math.floor(reading.uptimeS / 29) + (reading.uptimeS > 0 ? 1 : 0),
    discarded: Math.floor(reading.uptimeS * 1.9),
    localWork: Math.floor(reading.uptimeS * 13.3),
    bestShare: reading.acceptedCount === 0 ? 0 : difficulty * (3 + ((machine.seed >>> 8) % 5000)),
    difficultyAccepted: reading.acceptedCount * difficulty,
    difficultyRejected: reading.rejectedCount * difficulty,
    difficultyStale: reading.staleCount * difficulty,
    utility: reading.acceptedCount / minutes,
    workUtility: (reading.acceptedCount * difficulty) / minutes,
    totalMh: (reading.hashrateMeanHs / 1e6) * reading.uptimeS,
  };
}
