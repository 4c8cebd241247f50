import { REASON_LABELS, STATUS_LABELS } from "../../format/status.ts";
import { poolHost } from "../../format/pool.ts";
import { temperatureUnit } from "../../format/temperature.ts";
import { fansOf, isSampled, textOf, type Field, type NumberField, type TextField } from "../../live/fields.ts";
import * as cells from "./cells.ts";
import type { Cell } from "./cells.ts";
import type { Layout } from "./layout.ts";
import { capital, MEASURES, plainNumber } from "./measures.ts";
import type { RowFacts } from "./rowFacts.ts";

export interface Column {
  readonly field: Field;
  readonly head: string;
  readonly unit: () => string;
  /** What the column is called where there is more room than in its head. */
  readonly words: string;
  readonly numeric: boolean;
  /** In px. */
  readonly width: number;
  /** Takes a share of what is left over. */
  readonly stretches: boolean;
  readonly cell: Cell;
  /** Classes of the cell. */
  readonly look: string;
  /** More of the same on hover. */
  readonly title?: Title | undefined;
  /** Head of the same in a spreadsheet, with the unit. */
  readonly plainHead: () => string;
  /** The same for a spreadsheet; null for none. */
  readonly plain: (facts: RowFacts) => string | number | null;
}

type Title = (facts: RowFacts) => string | undefined;

interface Look {
  readonly head: string;
  readonly width: number;
  readonly cell: Cell;
  readonly unit?: () => string;
  readonly look?: string;
  readonly title?: Title | undefined;
}

const soft = (field: TextField): Pick<Look, "cell" | "look" | "title"> => ({
  cell: cells.textCell(field),
  look: "soft",
  title: (facts) => facts.text(field),
});

/** Addresses, MACs and serials: a zero that is no O. */
const id = (field: TextField): Pick<Look, "cell" | "look"> => ({ cell: cells.textCell(field), look: "id soft" });

/** A time since an instant, the instant on hover. */
const since = (field: NumberField): Pick<Look, "cell" | "look" | "title"> => ({
  cell: cells.ageCell(field),
  look: "soft",
  title: (facts) => cells.instantOf(facts, field),
});

const TH_S = (): string => "TH/s";

const NUMBERS: Readonly<Record<NumberField, Look>> = {
  lostHashrateHs: { head: "Lost", unit: TH_S, width: 70, cell: cells.rateCell("lostHashrateHs") },
  hashrateHs: { head: "Hashrate", unit: TH_S, width: 128, cell: cells.hashrateCell },
  hashrateMeanHs: { head: "Mean", unit: TH_S, width: 80, cell: cells.rateCell("hashrateMeanHs") },
  hashrate30mHs: { head: "30 min", unit: TH_S, width: 86, cell: cells.rateCell("hashrate30mHs") },
  ratedHashrateHs: { head: "Rated", unit: TH_S, width: 80, cell: cells.rateCell("ratedHashrateHs") },
  ratedShare: { head: "of rated", width: 66, cell: cells.shareCell("ratedShare", 1) },
  chipTempCMax: { head: "Chip", unit: temperatureUnit, width: 66, cell: cells.chipTempCell },
  boardTempCMax: { head: "Board", unit: temperatureUnit, width: 70, cell: cells.temperatureCell("boardTempCMax") },
  inletTempC: { head: "Inlet", unit: temperatureUnit, width: 66, cell: cells.temperatureCell("inletTempC") },
  outletTempC: { head: "Outlet", unit: temperatureUnit, width: 72, cell: cells.temperatureCell("outletTempC") },
  fanRpmMin: { head: "Fan min", unit: () => "rpm", width: 84, cell: cells.slowestFanCell },
  fansRpm: { head: "Fans", unit: () => "rpm", width: 160, cell: cells.fansCell },
  powerW: { head: "Power", unit: () => "W", width: 74, cell: cells.countCell("powerW") },
  efficiencyJPerTh: { head: "J/TH", width: 60, cell: cells.efficiencyCell },
  rejectRatio: { head: "Reject", width: 68, cell: cells.shareCell("rejectRatio", 2) },
  hwErrorCount: { head: "HW errors", width: 82, cell: cells.countCell("hwErrorCount") },
  acceptedCount: { head: "Accepted", width: 82, cell: cells.countCell("acceptedCount") },
  rejectedCount: { head: "Rejected", width: 78, cell: cells.countCell("rejectedCount") },
  staleCount: { head: "Stale", width: 64, cell: cells.countCell("staleCount") },
  uptimeMs: { head: "Uptime", width: 70, cell: cells.uptimeCell },
  statusAgeMs: { head: "Since", width: 86, ...since("statusAgeMs") },
  lastSeenAgeMs: { head: "Last seen", width: 86, ...since("lastSeenAgeMs") },
  sampleAgeMs: { head: "Age", width: 76, ...since("sampleAgeMs") },
};

const TEXTS: Readonly<Record<TextField, Look>> = {
  name: { head: "Miner", width: 88, cell: cells.linkCell("name") },
  model: { head: "Model", width: 100, ...soft("model") },
  address: { head: "Address", width: 104, ...id("address") },
  pool: { head: "Pool", width: 112, ...soft("pool"), cell: (facts) => poolHost(facts.text("pool")) },
  worker: { head: "Worker", width: 104, ...soft("worker") },
  mac: { head: "MAC", width: 134, ...id("mac") },
  serial: { head: "Serial", width: 140, ...id("serial") },
  site: { head: "Site", width: 90, ...soft("site") },
  rack: { head: "Rack · slot", width: 90, ...soft("rack") },
  agent: { head: "Agent", width: 90, ...soft("agent") },
  firmware: { head: "Firmware", width: 130, ...soft("firmware") },
  controlBoard: { head: "Board type", width: 90, ...soft("controlBoard") },
  algorithm: { head: "Algorithm", width: 80, ...soft("algorithm") },
  tags: { head: "Tags", width: 120, cell: cells.tagsCell },
};

const TEXT_WORDS: Readonly<Record<TextField, string>> = {
  name: "name",
  model: "model",
  address: "address",
  pool: "pool",
  worker: "worker",
  mac: "MAC",
  serial: "serial",
  site: "site",
  rack: "rack and slot",
  agent: "agent",
  firmware: "firmware",
  controlBoard: "control board",
  algorithm: "algorithm",
  tags: "tags",
};

/** These keep their width: their texts are all about as long. */
const FIXED_TEXTS: ReadonlySet<Field> = new Set(["address", "mac", "serial", "controlBoard", "algorithm"] as const);

const STATUS: Column = {
  field: "status",
  head: "Status",
  unit: () => "",
  words: "status",
  numeric: false,
  width: 146,
  stretches: false,
  cell: cells.statusCell,
  look: "",
  plainHead: () => "Status",
  plain: ({ status, reason }) => (reason === "ok" ? STATUS_LABELS[status] : `${STATUS_LABELS[status]}: ${REASON_LABELS[reason]}`),
};

/** Computed from the sample: of an old one they are not shown, as they would look like news. */
const COMPUTED: ReadonlySet<NumberField> = new Set(["ratedShare", "efficiencyJPerTh", "rejectRatio", "uptimeMs"] as const);

/** The class of cells that are grey where the sample is old. */
function agesOf(field: NumberField): string {
  return isSampled(field) || field === "sampleAgeMs" ? "sampled" : "";
}

function numberColumn(field: NumberField): Column {
  const { head, width, cell, title, look = "", unit = () => "" } = NUMBERS[field];
  const { words, unit: plainUnit } = MEASURES[field];
  const plainHead = (): string => `${capital(words)} ${plainUnit()}`.trimEnd();
  const plain = ({ stale, number }: RowFacts): number | null => (stale && COMPUTED.has(field) ? null : plainNumber(field, number(field)));
  return {
    field,
    head,
    unit,
    words,
    numeric: true,
    width,
    stretches: false,
    cell,
    title,
    look: `${look} ${agesOf(field)}`,
    plainHead,
    plain,
  };
}

function textColumn(field: TextField): Column {
  const { head, width, cell, title, look = "" } = TEXTS[field];
  const plain = ({ source, row }: RowFacts): string | null => textOf(source, field, row);
  const words = TEXT_WORDS[field];
  const plainHead = (): string => capital(words);
  return {
    field,
    head,
    unit: () => "",
    words,
    numeric: false,
    width,
    stretches: !FIXED_TEXTS.has(field),
    cell,
    title,
    look,
    plainHead,
    plain,
  };
}

const ADDRESS_LEADS: Column = {
  ...textColumn("address"),
  look: "",
  width: 124,
  cell: cells.linkCell("address"),
};

const COLUMNS = new Map<Field, Column>([
  ["status", STATUS],
  ...(Object.keys(TEXTS) as TextField[]).map((field) => [field, textColumn(field)] as const),
  ...(Object.keys(NUMBERS) as NumberField[]).map((field) => [field, numberColumn(field)] as const),
  ["fansRpm", { ...numberColumn("fansRpm"), plain: ({ source, row }) => fansOf(source.fleet, row).join(" ") }],
]);

/** The column of a field. Where no name is shown, the address leads to the machine. */
export function columnOf(field: Field, shown: ReadonlySet<Field> = new Set(["name"])): Column {
  if (field === "address" && !shown.has("name")) return ADDRESS_LEADS;
  return COLUMNS.get(field) ?? STATUS;
}

/** A column as it stands in the table: how wide, and where it stays while the others scroll. */
export interface PlacedColumn extends Column {
  readonly pinned: boolean;
  /** Its texts may be longer than it is wide. */
  readonly clips: boolean;
}

export function placedColumns(layout: Layout): readonly PlacedColumn[] {
  const shown = new Set(layout.map(({ field }) => field));
  return layout.map(({ field, width, pinned }) => {
    const column = columnOf(field, shown);
    const clips = width === null ? !column.numeric && !FIXED_TEXTS.has(column.field) : width < column.width || !column.numeric;
    return { ...column, pinned, clips, width: width ?? column.width, stretches: column.stretches && width === null && !pinned };
  });
}
