import { StatusText } from "../../components/StatusMark.tsx";
import { REASON_LABELS, STATUS_LABELS } from "../../format/status.ts";
import { poolHost } from "../../format/pool.ts";
import { temperatureUnit } from "../../format/temperature.ts";
import { formatAge } from "../../format/time.ts";
import { fansOf, textOf, type Field, type NumberField, type TextField } from "../../live/fields.ts";
import * as cells from "./cells.tsx";
import type { Cell } from "./cells.tsx";
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
  /** Head of the same in a spreadsheet, with the unit. */
  readonly plainHead: () => string;
  /** The same for a spreadsheet; null for none. */
  readonly plain: (facts: RowFacts) => string | number | null;
}

interface Look {
  readonly head: string;
  readonly width: number;
  readonly cell: Cell;
  readonly unit?: () => string;
}

const TH_S = (): string => "TH/s";

const NUMBERS: Readonly<Record<NumberField, Look>> = {
  lostHashrateHs: { head: "Lost", unit: TH_S, width: 70, cell: cells.steadyRateCell("lostHashrateHs") },
  hashrateHs: { head: "Hashrate", unit: TH_S, width: 128, cell: (facts) => <cells.Hashrate facts={facts} /> },
  hashrateMeanHs: { head: "Mean", unit: TH_S, width: 80, cell: cells.rateCell("hashrateMeanHs") },
  hashrate30mHs: { head: "30 min", unit: TH_S, width: 86, cell: cells.rateCell("hashrate30mHs") },
  ratedHashrateHs: { head: "Rated", unit: TH_S, width: 80, cell: cells.steadyRateCell("ratedHashrateHs") },
  ratedShare: { head: "of rated", width: 66, cell: cells.shareCell("ratedShare", 1) },
  chipTempCMax: { head: "Chip", unit: temperatureUnit, width: 66, cell: (facts) => <cells.ChipTemp facts={facts} /> },
  boardTempCMax: { head: "Board", unit: temperatureUnit, width: 70, cell: cells.temperatureCell("boardTempCMax") },
  inletTempC: { head: "Inlet", unit: temperatureUnit, width: 66, cell: cells.temperatureCell("inletTempC") },
  outletTempC: { head: "Outlet", unit: temperatureUnit, width: 72, cell: cells.temperatureCell("outletTempC") },
  fanRpmMin: { head: "Fan min", unit: () => "rpm", width: 84, cell: (facts) => <cells.SlowestFan facts={facts} /> },
  fansRpm: { head: "Fans", unit: () => "rpm", width: 160, cell: (facts) => <cells.Fans facts={facts} /> },
  powerW: { head: "Power", unit: () => "W", width: 74, cell: cells.countCell("powerW") },
  efficiencyJPerTh: { head: "J/TH", width: 60, cell: cells.efficiencyCell },
  rejectRatio: { head: "Reject", width: 68, cell: cells.shareCell("rejectRatio", 2) },
  hwErrorCount: { head: "HW errors", width: 82, cell: cells.countCell("hwErrorCount") },
  acceptedCount: { head: "Accepted", width: 82, cell: cells.countCell("acceptedCount") },
  rejectedCount: { head: "Rejected", width: 78, cell: cells.countCell("rejectedCount") },
  staleCount: { head: "Stale", width: 64, cell: cells.countCell("staleCount") },
  uptimeMs: { head: "Uptime", width: 70, cell: cells.uptimeCell },
  statusAgeMs: { head: "Since", width: 86, cell: cells.sinceCell("statusAgeMs") },
  lastSeenAgeMs: { head: "Last seen", width: 86, cell: cells.sinceCell("lastSeenAgeMs") },
  sampleAgeMs: {
    head: "Age",
    width: 76,
    cell: (facts) => <span className={facts.stale ? "stale" : "soft"}>{formatAge(facts.number("sampleAgeMs"))}</span>,
  },
};

const TEXTS: Readonly<Record<TextField, Look>> = {
  name: { head: "Miner", width: 88, cell: (facts) => <cells.MinerLink facts={facts} field="name" /> },
  model: { head: "Model", width: 100, cell: cells.textCell("model") },
  address: { head: "Address", width: 104, cell: cells.idCell("address") },
  pool: {
    head: "Pool",
    width: 112,
    cell: (facts) => (
      <span className="soft" title={facts.text("pool")}>
        {poolHost(facts.text("pool"))}
      </span>
    ),
  },
  worker: { head: "Worker", width: 104, cell: cells.textCell("worker") },
  mac: { head: "MAC", width: 134, cell: cells.idCell("mac") },
  serial: { head: "Serial", width: 140, cell: cells.idCell("serial") },
  site: { head: "Site", width: 90, cell: cells.textCell("site") },
  rack: { head: "Rack · slot", width: 90, cell: cells.textCell("rack") },
  agent: { head: "Agent", width: 90, cell: cells.textCell("agent") },
  firmware: { head: "Firmware", width: 130, cell: cells.textCell("firmware") },
  controlBoard: { head: "Board type", width: 90, cell: cells.textCell("controlBoard") },
  algorithm: { head: "Algorithm", width: 80, cell: cells.textCell("algorithm") },
  tags: { head: "Tags", width: 120, cell: (facts) => <cells.Tags facts={facts} /> },
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
const FIXED_TEXTS: ReadonlySet<TextField> = new Set(["address", "mac", "serial", "controlBoard", "algorithm"] as const);

const STATUS: Column = {
  field: "status",
  head: "Status",
  unit: () => "",
  words: "status",
  numeric: false,
  width: 146,
  stretches: false,
  cell: (facts) => <StatusText status={facts.status} reason={facts.reason} />,
  plainHead: () => "Status",
  plain: ({ status, reason }) => (reason === "ok" ? STATUS_LABELS[status] : `${STATUS_LABELS[status]}: ${REASON_LABELS[reason]}`),
};

/** Computed from the sample: of an old one they are not shown, as they would look like news. */
const COMPUTED: ReadonlySet<NumberField> = new Set(["ratedShare", "efficiencyJPerTh", "rejectRatio", "uptimeMs"] as const);

function numberColumn(field: NumberField): Column {
  const { head, width, cell, unit = () => "" } = NUMBERS[field];
  const { words, unit: plainUnit } = MEASURES[field];
  const plainHead = (): string => `${capital(words)} ${plainUnit()}`.trimEnd();
  const plain = ({ stale, number }: RowFacts): number | null => (stale && COMPUTED.has(field) ? null : plainNumber(field, number(field)));
  return { field, head, unit, words, numeric: true, width, stretches: false, cell, plainHead, plain };
}

function textColumn(field: TextField): Column {
  const { head, width, cell } = TEXTS[field];
  const plain = ({ source, row }: RowFacts): string | null => textOf(source, field, row);
  const words = TEXT_WORDS[field];
  const plainHead = (): string => capital(words);
  return { field, head, unit: () => "", words, numeric: false, width, stretches: !FIXED_TEXTS.has(field), cell, plainHead, plain };
}

const ADDRESS_LEADS: Column = { ...textColumn("address"), width: 124, cell: (facts) => <cells.MinerLink facts={facts} field="address" /> };

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
}

export function placedColumns(layout: Layout): readonly PlacedColumn[] {
  const shown = new Set(layout.map(({ field }) => field));
  return layout.map(({ field, width, pinned }) => {
    const column = columnOf(field, shown);
    return { ...column, pinned, width: width ?? column.width, stretches: column.stretches && width === null && !pinned };
  });
}
