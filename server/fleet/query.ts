import type { MinerRow, Page } from "../contract/api.ts";
import type { Miner, MinerState } from "./miner.ts";
import { rowOf, SAMPLE_SCALARS } from "./miner.ts";
import type { MinerQuery } from "./ports.ts";

const LIMIT_MAX = 1000;

export interface QuerySource {
  readonly miners: Iterable<Miner>;
  stateOf(miner: Miner): MinerState;
}

/** Filters, searches, sorts and cuts the rows of GET /miners. Throws RangeError on a sort field or cursor that does not exist. */
export function listMiners(source: QuerySource, query: MinerQuery, nowMs: number): Page<MinerRow> {
  const field = query.sort?.replace(/^-/, "") ?? "id";
  const descending = query.sort?.startsWith("-") ?? false;
  const matches = filterOf(source, query);
  const found: Sorted[] = [];
  const valueOf = sorterOf(source, field, nowMs);
  for (const miner of source.miners) if (matches(miner)) found.push({ miner, value: valueOf(miner) });
  const order = (a: Sorted, b: Sorted): number => compareValues(a.value, b.value, descending) || a.miner.key - b.miner.key;
  found.sort(order);
  const from = query.cursor === undefined ? 0 : firstAfter(found, readCursor(query.cursor), descending);
  const page = found.slice(from, from + Math.min(Math.max(1, query.limit), LIMIT_MAX));
  const last = page.at(-1);
  return {
    items: page.map(({ miner }) => rowOf(miner, source.stateOf(miner), nowMs)),
    nextCursor: last !== undefined && from + page.length < found.length ? writeCursor(last) : null,
    totalCount: found.length,
  };
}

interface Sorted {
  readonly miner: Miner;
  readonly value: SortValue;
}
type SortValue = number | string | null;

function filterOf(source: QuerySource, query: MinerQuery): (miner: Miner) => boolean {
  const tests: ((miner: Miner) => boolean)[] = [];
  const among = (wanted: readonly string[] | null | undefined, value: (miner: Miner) => string | null): void => {
    if (!wanted) return;
    const set = new Set(wanted);
    tests.push((miner) => set.has(value(miner) ?? ""));
  };
  among(query.allowedSites, (miner) => miner.siteId);
  among(query.site, (miner) => miner.siteId);
  among(query.rack, (miner) => miner.rackId);
  among(query.model, (miner) => miner.model ?? miner.modelReported);
  among(query.controlBoard, (miner) => miner.controlBoard);
  among(query.agent, (miner) => miner.agentId);
  among(query.status, (miner) => source.stateOf(miner).status);
  among(query.reason, (miner) => source.stateOf(miner).reason);
  const { firmware, tag, q } = query;
  if (firmware) tests.push((miner) => firmwareValues(miner).some((value) => firmware.includes(value)));
  if (tag) tests.push((miner) => miner.tags.some((have) => tag.includes(have)));
  const words = q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  if (words.length > 0) tests.push((miner) => words.every((word) => miner.searchText.includes(word)));
  return (miner) => tests.every((test) => test(miner));
}

/** The family, and the family with its version. */
function firmwareValues({ firmware: { family, version } }: Miner): readonly string[] {
  return version === null ? [family] : [family, `${family} ${version}`];
}

/** How a field of a row sorts. Arrays sort by their smallest number or their joined text, addresses by their numbers, firmware as "family version". */
function sorterOf(source: QuerySource, field: string, nowMs: number): (miner: Miner) => SortValue {
  if (field === "id") return (miner) => miner.key;
  if (field === "address") return (miner) => addressKey(miner.address);
  if (field === "sampleAgeMs") return ({ sample }) => (sample === null ? null : nowMs - sample.polledAtMs);
  if (field === "algorithm") return (miner) => miner.sample?.algorithm ?? miner.algorithm;
  if (isOneOf(STATE_FIELDS, field)) return (miner) => source.stateOf(miner)[field];
  if (isOneOf(MINER_FIELDS, field)) return (miner) => sortValue(miner[field]);
  if (isOneOf(SAMPLE_SCALARS, field)) return ({ sample }) => sortValue(sample?.[field] ?? null);
  throw new RangeError(`Cannot sort by ${field}: a row has no such field`);
}

const STATE_FIELDS = ["status", "reason", "statusSinceMs", "lastSeenAtMs"] as const satisfies (keyof MinerState & keyof MinerRow)[];
const MINER_FIELDS = [
  "siteId",
  "rackId",
  "slot",
  "agentId",
  "name",
  "tags",
  "note",
  "port",
  "mac",
  "serial",
  "hostname",
  "make",
  "model",
  "modelReported",
  "firmware",
  "controlBoard",
] as const satisfies (keyof Miner & keyof MinerRow)[];
const isOneOf = <T extends string>(fields: readonly T[], field: string): field is T => (fields as readonly string[]).includes(field);

function sortValue(value: string | number | null | readonly string[] | readonly number[] | Miner["firmware"]): SortValue {
  if (value === null || value === "") return null;
  if (typeof value !== "object") return value;
  if ("family" in value) return `${value.family} ${value.version ?? ""}`;
  if (value.length === 0) return null;
  return typeof value[0] === "number" ? Math.min(...(value as readonly number[])) : value.join(" ");
}

/** 10.0.9.1 before 10.0.10.1; IPv6 sorts behind as text. */
function addressKey(address: string): string {
  const parts = address.split(".");
  return parts.length === 4 ? parts.map((part) => part.padStart(3, "0")).join(".") : `~${address}`;
}

/** What is not reported comes last in both directions. */
function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const sign = descending ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0);
}

/** A cursor is the place of the last row, not its number: rows that change meanwhile neither repeat the page nor end it. */
interface Cursor {
  readonly value: SortValue;
  readonly key: number;
}

function writeCursor({ value, miner }: Sorted): string {
  return Buffer.from(JSON.stringify([value, miner.key])).toString("base64url");
}

function readCursor(text: string): Cursor {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (Array.isArray(read) && isSortValue(read[0]) && typeof read[1] === "number") return { value: read[0], key: read[1] };
  } catch {
    // falls through to the one error for every malformed cursor
  }
  throw new RangeError("Cannot read the cursor: it is not one that this server gave out");
}

const isSortValue = (value: unknown): value is SortValue => value === null || typeof value === "number" || typeof value === "string";

function firstAfter(sorted: readonly Sorted[], { value, key }: Cursor, descending: boolean): number {
  const index = sorted.findIndex((row) => (compareValues(row.value, value, descending) || row.miner.key - key) > 0);
  return index < 0 ? sorted.length : index;
}
