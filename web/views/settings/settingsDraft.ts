import type { Settings, Threshold } from "../../../server/contract/api.ts";
import { formatNumber } from "../../format/number.ts";
import type { TemperatureUnit } from "../../format/temperature.ts";
import { labelOfModel, plainModel, THRESHOLD_KINDS, type ThresholdKind } from "./thresholdKinds.ts";

/** The settings as they stand in the inputs: text, also where it is no number yet. */
export interface SettingsDraft {
  /** The unit in which the temperatures of this draft are written. */
  readonly writtenIn: TemperatureUnit;
  /** Empty: each agent's own. */
  readonly pollIntervalS: string;
  readonly temperature: TemperatureUnit;
  readonly retention: Readonly<Record<Tier, string>>;
  /** Rows by site; "" for those of every site. */
  readonly thresholds: Readonly<Record<string, readonly ThresholdDraft[]>>;
}
export interface ThresholdDraft {
  readonly model: string | null;
  readonly values: Readonly<Record<ThresholdKind, string>>;
}

export type Tier = keyof Settings["retention"];
export const TIERS: readonly { readonly tier: Tier; readonly label: string }[] = [
  { tier: "rawDays", label: "Every sample" },
  { tier: "fiveMinutesDays", label: "5-minute rollups" },
  { tier: "hourDays", label: "1-hour rollups" },
  { tier: "dayDays", label: "1-day rollups" },
];
export const EVERY_SITE = "";

/** What is wrong, by the name of the field as the server calls it (`thresholds.3.chipTempC`), each a sentence that names it for people. */
export type Problems = ReadonlyMap<string, string>;

export function draftOf(settings: Settings, writtenIn: TemperatureUnit): SettingsDraft {
  const { pollIntervalMs, thresholds, siteThresholds, retention, units } = settings;
  const rows = (stored: readonly Threshold[]): ThresholdDraft[] => stored.map((row) => rowDraft(row, writtenIn));
  return {
    writtenIn,
    pollIntervalS: pollIntervalMs === null ? "" : String(pollIntervalMs / 1000),
    temperature: units.temperature,
    retention: {
      rawDays: String(retention.rawDays),
      fiveMinutesDays: String(retention.fiveMinutesDays),
      hourDays: String(retention.hourDays),
      dayDays: retention.dayDays === null ? "" : String(retention.dayDays),
    },
    thresholds: {
      [EVERY_SITE]: rows(thresholds),
      ...Object.fromEntries(Object.entries(siteThresholds).map(([siteId, stored]) => [siteId, rows(stored)])),
    },
  };
}

/** The rows that hold for one site alone, or, for EVERY_SITE, everywhere else. */
export function rowsOf({ thresholds }: SettingsDraft, scope: string): readonly ThresholdDraft[] {
  return Object.hasOwn(thresholds, scope) ? thresholds[scope] : [];
}

function rowDraft(row: Threshold, writtenIn: TemperatureUnit): ThresholdDraft {
  const values = THRESHOLD_KINDS.map(({ kind, as }) => [kind, shownText(row[kind], as, writtenIn)] as const);
  return { model: row.model, values: Object.fromEntries(values) as Record<ThresholdKind, string> };
}

/** The sections of the page that differ from what is stored. */
export function changedParts(draft: SettingsDraft, stored: SettingsDraft): ("general" | "thresholds" | "data")[] {
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  const withRows = ({ thresholds }: SettingsDraft): unknown =>
    Object.entries(thresholds)
      .filter(([, rows]) => rows.length > 0)
      .sort();
  return [
    ...(draft.pollIntervalS !== stored.pollIntervalS || draft.temperature !== stored.temperature ? (["general"] as const) : []),
    ...(differs(withRows(draft), withRows(stored)) ? (["thresholds"] as const) : []),
    ...(differs(draft.retention, stored.retention) ? (["data"] as const) : []),
  ];
}

/** The settings that the draft stands for, or what is wrong with it. What reads as before keeps the stored number, digits behind the shown ones included. */
export function settingsOf(draft: SettingsDraft, stored: Settings): { settings: Settings; problems: Problems } {
  const problems = new Map<string, string>();
  const number = reader(problems);
  const { "": everywhere = [], ...bySite } = draft.thresholds;
  const readRows = (rows: readonly ThresholdDraft[], path: string, before: readonly Threshold[]): Threshold[] =>
    rows.map((row, i) => readRow(row, { path: `${path}.${i}`, before, writtenIn: draft.writtenIn, number }));
  const days = (tier: Tier): number =>
    number(`retention.${tier}`, draft.retention[tier], {
      label: `${TIERS.find((each) => each.tier === tier)?.label ?? tier}, days`,
      min: 1,
      max: 36_500,
    });
  const settings: Settings = {
    pollIntervalMs:
      draft.pollIntervalS.trim() === ""
        ? null
        : Math.round(number("pollIntervalMs", draft.pollIntervalS, { label: "The poll interval, seconds", min: 1, max: 3600 }) * 1000),
    units: { temperature: draft.temperature },
    retention: {
      rawDays: days("rawDays"),
      fiveMinutesDays: days("fiveMinutesDays"),
      hourDays: days("hourDays"),
      dayDays: draft.retention.dayDays.trim() === "" ? null : days("dayDays"),
    },
    thresholds: readRows(everywhere, "thresholds", stored.thresholds),
    siteThresholds: Object.fromEntries(
      Object.entries(bySite)
        .filter(([, rows]) => rows.length > 0)
        .map(([siteId, rows]) => [siteId, readRows(rows, `siteThresholds.${siteId}`, stored.siteThresholds[siteId] ?? [])]),
    ),
  };
  return { settings, problems };
}

interface Bounds {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}
type ReadNumber = (field: string, text: string, bounds: Bounds) => number;

/** Reads a number as people write it, with a point or a comma; notes what is wrong and goes on. */
function reader(problems: Map<string, string>): ReadNumber {
  return (field, text, { label, min, max, whole = false }) => {
    const value = text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
    const bounds = `${formatNumber(min)} to ${formatNumber(max)}`;
    if (Number.isNaN(value)) problems.set(field, `${label}: “${text}” is no number`);
    else if (value < min || value > max) problems.set(field, `${label}: ${text} is not within ${bounds}`);
    else if (whole && !Number.isInteger(value)) problems.set(field, `${label}: ${text} is no whole number`);
    return value;
  };
}

interface RowContext {
  readonly path: string;
  readonly before: readonly Threshold[];
  readonly writtenIn: TemperatureUnit;
  readonly number: ReadNumber;
}

function readRow({ model, values }: ThresholdDraft, { path, before, writtenIn, number }: RowContext): Threshold {
  const known = before.find((row) => plainModel(row.model) === plainModel(model));
  const read = THRESHOLD_KINDS.map(({ kind, label, as, min, max }) => {
    const text = values[kind];
    if (known !== undefined && shownText(known[kind], as, writtenIn) === text) return [kind, known[kind]] as const;
    const bounds = {
      label: `${label} of ${labelOfModel(model)}`,
      min: shownOf(min, as, writtenIn),
      max: shownOf(max, as, writtenIn),
      whole: as === "count",
    };
    return [kind, storedOf(number(`${path}.${kind}`, text, bounds), as, writtenIn)] as const;
  });
  return { model, ...(Object.fromEntries(read) as Record<ThresholdKind, number>) };
}

type Shown = (typeof THRESHOLD_KINDS)[number]["as"];

function shownOf(stored: number, as: Shown, unit: TemperatureUnit): number {
  if (as === "percent") return stored * 100;
  return as === "temperature" && unit === "F" ? stored * 1.8 + 32 : stored;
}

function storedOf(shown: number, as: Shown, unit: TemperatureUnit): number {
  if (as === "percent") return shown / 100;
  return as === "temperature" && unit === "F" ? (shown - 32) / 1.8 : shown;
}

/** At most two digits behind the point, none that say nothing. */
function shownText(stored: number, as: Shown, unit: TemperatureUnit): string {
  return String(Math.round(shownOf(stored, as, unit) * 100) / 100);
}
