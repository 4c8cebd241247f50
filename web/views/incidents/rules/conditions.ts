import type { AlertCondition } from "../../../../server/contract/incidents.ts";
import { formatNumber } from "../../../format/number.ts";
import { temperatureUnit } from "../../../format/temperature.ts";

export type ConditionKind = AlertCondition["kind"];
export type ThresholdKind = Extract<AlertCondition, { enter: unknown }>["kind"];

/** What each condition looks at, as a choice in the form and in the list. */
export const CONDITION_LABELS: Readonly<Record<ConditionKind, string>> = {
  unreachable: "Miner is unreachable",
  apiDown: "API is down while the web page answers",
  notHashing: "Miner does not hash",
  lowHashrate: "Hashrate, 5 min mean of rated",
  hashrateDecline: "Hashrate of the last day, of the machine's own week before",
  boardMissing: "Hashboard is missing",
  boardDead: "Hashboard is dead",
  chipsBad: "Bad chips of one board",
  chipTemp: "Chip temperature",
  boardTemp: "Board temperature",
  fanStopped: "Fan has stopped",
  fanWeak: "Slowest fan, of the mean of the others",
  hwErrors: "Hardware errors, share over 1 h",
  rejects: "Rejected shares over 1 h",
  stales: "Stale shares over 1 h",
  poolDead: "Every pool is dead",
  poolFallback: "On a fallback pool",
  poolOutside: "Pool or worker that is not allowed",
  rebootLoop: "Restarts within 1 h",
  identityChanged: "Firmware, MAC or serial changed",
  efficiency: "J/TH, of the median of its model",
  hotNeighbours: "Hotter than its rack, robust z-score",
  agentDown: "Agent is down",
  agentBehind: "Age of an agent's newest data",
  clockSkew: "Clock of an agent off",
  diskFilling: "Days until the server's disk is full",
};
export const CONDITION_KINDS = Object.keys(CONDITION_LABELS) as readonly ConditionKind[];

interface Measure {
  readonly unit: "%" | "chips" | "°" | "restarts" | "" | "s" | "days";
  /** What is shown, divided by what the server keeps. */
  readonly scale: number;
  /** Wrong where the value is small. */
  readonly below: boolean;
}

const PERCENT = { unit: "%", scale: 100 } as const;
const SECONDS = { unit: "s", scale: 0.001, below: false } as const;
const MEASURES: Readonly<Record<ThresholdKind, Measure>> = {
  lowHashrate: { ...PERCENT, below: true },
  hashrateDecline: { ...PERCENT, below: true },
  chipsBad: { unit: "chips", scale: 1, below: false },
  chipTemp: { unit: "°", scale: 1, below: false },
  boardTemp: { unit: "°", scale: 1, below: false },
  fanWeak: { ...PERCENT, below: true },
  hwErrors: { ...PERCENT, below: false },
  rejects: { ...PERCENT, below: false },
  stales: { ...PERCENT, below: false },
  rebootLoop: { unit: "restarts", scale: 1, below: false },
  efficiency: { ...PERCENT, below: false },
  hotNeighbours: { unit: "", scale: 1, below: false },
  agentBehind: SECONDS,
  clockSkew: SECONDS,
  diskFilling: { unit: "days", scale: 1, below: true },
};

export function isThreshold(kind: ConditionKind): kind is ThresholdKind {
  return kind in MEASURES;
}

export const isBelow = (kind: ThresholdKind): boolean => MEASURES[kind].below;
export const isTemperature = (kind: ThresholdKind): boolean => MEASURES[kind].unit === "°";

/** The unit that the reader sees: %, seconds, °C or °F. */
export function unitOf(kind: ThresholdKind): string {
  return isTemperature(kind) ? temperatureUnit() : MEASURES[kind].unit;
}

const isFahrenheit = (): boolean => temperatureUnit() === "°F";

/** A limit as the reader sees it. */
export function shownLimit(kind: ThresholdKind, value: number): number {
  if (isTemperature(kind)) return isFahrenheit() ? rounded(value * 1.8 + 32) : value;
  return rounded(value * MEASURES[kind].scale);
}

/** The way back. */
export function keptLimit(kind: ThresholdKind, shown: number): number {
  if (isTemperature(kind)) return isFahrenheit() ? rounded((shown - 32) / 1.8) : shown;
  return shown / MEASURES[kind].scale;
}

/** A difference of temperatures as the reader sees it, and the way back. */
export const shownDegrees = (degrees: number): number => (isFahrenheit() ? rounded(degrees * 1.8) : degrees);
export const keptDegrees = (shown: number): number => (isFahrenheit() ? rounded(shown / 1.8) : shown);

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** `below 80 %, until 83 %`; empty where the condition has no limit. */
export function limitText(condition: AlertCondition): string {
  if (condition.kind === "poolOutside") return poolText(condition);
  if (!("enter" in condition)) return "";
  const { kind, enter, leave, offset } = condition;
  const amount = (value: number): string => `${formatNumber(value, Number.isInteger(value) ? 0 : 1)} ${unitOf(kind)}`.trim();
  const side = isBelow(kind) ? "below" : "from";
  if (enter === null) return offset === 0 ? "" : `${amount(shownDegrees(offset))} over the limit of the settings`;
  return `${side} ${amount(shownLimit(kind, enter))}${leave === null ? "" : `, until ${amount(shownLimit(kind, leave))}`}`;
}

function poolText({ pools, workers }: Extract<AlertCondition, { kind: "poolOutside" }>): string {
  if (pools.length + workers.length === 0) return "other than on the first day";
  return `other than ${[...pools, ...workers].join(", ")}`;
}

/** Rules about agents heed sites and agents alone, one about the server nothing. */
export function scopeFieldsOf(kind: ConditionKind): readonly ScopeField[] {
  if (kind === "diskFilling") return [];
  return kind === "agentDown" || kind === "agentBehind" || kind === "clockSkew" ? ["siteIds", "agentIds"] : SCOPE_FIELDS;
}

export const SCOPE_FIELDS = ["siteIds", "rackIds", "models", "firmwares", "tags", "agentIds"] as const;
export type ScopeField = (typeof SCOPE_FIELDS)[number];
