import { HASHBOARD_METRICS, SCALAR_METRICS } from "./store.ts";

/**
 * Numbers of the history's columns, as they stand on disk: never renumber.
 * 0 to 62: SCALAR_METRICS by position; 63: the site's key; 64 to 127: fans; from 128: chain × 16 + position in HASHBOARD_METRICS.
 */
export const SITE_COLUMN = 63;
const FAN_BASE = 64;
const BOARD_BASE = 128;
const BOARD_STRIDE = 16;
/** Chains above this have no column; no firmware numbers that far. */
export const MAX_CHAIN = 255;
export const MAX_FANS = 32;

type ScalarMetric = (typeof SCALAR_METRICS)[number];
type HashboardMetric = (typeof HASHBOARD_METRICS)[number];

export function scalarColumn(metric: ScalarMetric): number {
  return SCALAR_METRICS.indexOf(metric);
}

/** fan counts from 0. */
function fanColumn(fan: number): number {
  return FAN_BASE + fan;
}

function hashboardColumn(chain: number, metric: HashboardMetric): number {
  return BOARD_BASE + chain * BOARD_STRIDE + HASHBOARD_METRICS.indexOf(metric);
}

/** What a column number stands for; null for the site column and unused numbers. */
type ColumnMeaning =
  { kind: "scalar"; metric: ScalarMetric } | { kind: "fan"; fan: number } | { kind: "hashboard"; chain: number; metric: HashboardMetric };
export function columnMeaning(column: number): ColumnMeaning | null {
  const scalar = SCALAR_METRICS.at(column);
  if (scalar !== undefined) return { kind: "scalar", metric: scalar };
  if (column >= FAN_BASE && column < BOARD_BASE) return { kind: "fan", fan: column - FAN_BASE };
  const metric = column >= BOARD_BASE ? HASHBOARD_METRICS[(column - BOARD_BASE) % BOARD_STRIDE] : undefined;
  if (metric === undefined) return null;
  return { kind: "hashboard", chain: Math.floor((column - BOARD_BASE) / BOARD_STRIDE), metric };
}

/** Column of a metric name such as `powerW`, `hashboard.2.chipTempCMax`, `fan.1.rpm` (fans count from 1); null for a name that the history does not keep. */
export function columnOfMetric(name: string): number | null {
  const scalar = (SCALAR_METRICS as readonly string[]).indexOf(name);
  if (scalar >= 0) return scalar;
  const fan = /^fan\.(\d{1,2})\.rpm$/.exec(name);
  if (fan !== null) return Number(fan[1]) >= 1 && Number(fan[1]) <= MAX_FANS ? fanColumn(Number(fan[1]) - 1) : null;
  const board = /^hashboard\.(\d{1,3})\.(\w+)$/.exec(name);
  if (board === null || Number(board[1]) > MAX_CHAIN) return null;
  const metric = HASHBOARD_METRICS.find((known) => known === board[2]);
  return metric === undefined ? null : hashboardColumn(Number(board[1]), metric);
}

/** What one row holds besides the scalars. */
export interface RowShape {
  readonly chains: readonly number[];
  readonly fanCount: number;
}

/** Columns of a row in the order of its values: scalars, each chain's hashboard metrics, fans. */
export function columnsOfShape(shape: RowShape): number[] {
  return [
    ...SCALAR_METRICS.map((_, index) => index),
    ...shape.chains.flatMap((chain) => HASHBOARD_METRICS.map((metric) => hashboardColumn(chain, metric))),
    ...Array.from({ length: shape.fanCount }, (_, fan) => fanColumn(fan)),
  ];
}
