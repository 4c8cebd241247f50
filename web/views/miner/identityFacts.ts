import type { MinerDetail } from "../../../server/contract/api.ts";

type Seen = MinerDetail["evidence"][number];
export type FactKind = Seen["kind"];

/** One fact about who a machine is, with everything that says so. `seen` is empty for one that only the miner's record holds, or nobody knows. */
export interface Fact {
  readonly kind: FactKind;
  /** null: not known. */
  readonly value: string | null;
  readonly sources: readonly string[];
  readonly firstSeenAtMs: number | null;
  readonly lastSeenAtMs: number | null;
}

const KINDS: readonly FactKind[] = ["address", "mac", "serial", "model", "controlBoard", "firmware", "hostname"];

/** What holds now: of each kind the value that was seen last, and what was seen before it. */
export function identityFacts(detail: MinerDetail): { current: Fact[]; former: Fact[] } {
  const facts = KINDS.flatMap((kind) => valuesOf(detail, kind).map((fact, index) => ({ fact, isCurrent: index === 0 })));
  return {
    current: facts.filter(({ isCurrent }) => isCurrent).map(({ fact }) => fact),
    former: facts
      .filter(({ isCurrent }) => !isCurrent)
      .map(({ fact }) => fact)
      .sort((a, b) => (b.lastSeenAtMs ?? 0) - (a.lastSeenAtMs ?? 0)),
  };
}

/** Every value of a kind, the one seen last first. A host name that nobody told is no fact worth a line. */
function valuesOf(detail: MinerDetail, kind: FactKind): Fact[] {
  const seen = detail.evidence.filter((each) => each.kind === kind);
  const values = [...new Set(seen.map(({ value }) => value))];
  const withValue = (value: string): Seen[] => seen.filter((each) => each.value === value);
  const facts = values.map((value) => factOf(kind, value, withValue(value))).sort((a, b) => (b.lastSeenAtMs ?? 0) - (a.lastSeenAtMs ?? 0));
  if (facts.length > 0) return facts;
  const value = recorded(detail, kind);
  return value === null && kind === "hostname" ? [] : [{ kind, value, sources: [], firstSeenAtMs: null, lastSeenAtMs: null }];
}

function factOf(kind: FactKind, value: string, seen: readonly Seen[]): Fact {
  return {
    kind,
    value,
    sources: [...new Set(seen.map(({ source }) => source))],
    firstSeenAtMs: Math.min(...seen.map(({ firstSeenAtMs }) => firstSeenAtMs)),
    lastSeenAtMs: Math.max(...seen.map(({ lastSeenAtMs }) => lastSeenAtMs)),
  };
}

function recorded(detail: MinerDetail, kind: FactKind): string | null {
  switch (kind) {
    case "address":
      return `${detail.address}:${detail.port}`;
    case "model":
      return detail.model ?? detail.modelReported;
    case "firmware":
      return [detail.firmware.family, detail.firmware.version].filter((part) => part !== null && part !== "unknown").join(" ") || null;
    default:
      return detail[kind];
  }
}
