import { formatShare, powerFigure, textOf, ABSENT } from "../../format/number.ts";
import { hashrateFigure } from "../../format/hashrate.ts";
import { REASON_LABELS, STATUS_LABELS } from "../../format/status.ts";
import { plainText } from "../../format/plainText.ts";
import { temperatureFigure } from "../../format/temperature.ts";
import { formatAge, formatClock, formatSpan } from "../../format/time.ts";
import { nameOf } from "../../live/derived.ts";
import type { Fleet } from "../../live/fleet.ts";
import type { Status } from "../../../server/contract/status.ts";
import type { Picture } from "./mapModel.ts";

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Behind the value, quieter. */
  readonly note: string;
  readonly tone: "" | "hot" | "stale";
}

/** What the card beside a cell says, and what a screen reader hears of it. */
export interface MinerFacts {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly status: Status | null;
  /** `Unreachable: timeout, for 18 min`. */
  readonly sentence: string;
  readonly facts: readonly Fact[];
}

/** Facts of a row at the instant of the picture. Old values say that they were, and stand as absent. */
export function minerFacts(fleet: Fleet, row: number, { picture, place }: { picture: Picture; place: string }): MinerFacts {
  const { readings, instant } = picture;
  const nowMs = fleet.clock.nowMs();
  const index = fleet.identityOfRow()[row];
  const { model, modelReported, address } = fleet.identity.columns;
  const reading = readings(row);
  const isLive = instant.kind === "live";
  const powerW = isLive ? fleet.value("powerW", row) : Number.NaN;
  const share = reading.isOld ? "" : formatShare(reading.ratedShare);
  const isHot = reading.reason === "overTemperature" || reading.reason === "overTemperatureStop";
  const value = (label: string, text: string, extra: Partial<Fact> = {}): Fact =>
    oldAware({ label, value: text, note: "", tone: "", ...extra }, reading.isOld);
  return {
    id: fleet.idOf(row),
    name: plainText(nameOf(fleet, row)),
    model: plainText(model[index] ?? modelReported[index] ?? ABSENT),
    status: reading.status,
    sentence: sentenceOf(reading, isLive ? nowMs - fleet.value("statusSinceMs", row) : Number.NaN),
    facts: [
      value("Hashrate", textOf(hashrateFigure(reading.hashrateHs, fleet.identity.columns.algorithm[index])), {
        note: share === ABSENT || share === "" ? "" : `${share} of rated`,
      }),
      value("Hottest chip", textOf(temperatureFigure(reading.chipTempC)), isHot ? { tone: "hot" } : {}),
      ...(isLive ? [value("Power", textOf(powerFigure(powerW)))] : []),
      { label: "Address", value: address[index], note: "", tone: "" },
      { label: "Place", value: place, note: "", tone: "" },
      instant.kind === "live"
        ? { label: "Age", value: formatAge(reading.ageMs), note: "", tone: reading.isOld ? "stale" : "" }
        : { label: "Minute of", value: formatClock(instant.frame?.atMs ?? instant.atMs, nowMs), note: "", tone: "" },
    ],
  };
}

function oldAware(fact: Fact, isOld: boolean): Fact {
  if (!isOld || fact.value === ABSENT) return fact;
  return { ...fact, value: ABSENT, note: `was ${fact.value}`, tone: "stale" };
}

function sentenceOf({ status, reason }: ReturnType<Picture["readings"]>, sinceMs: number): string {
  if (status === null) return "No data of that minute";
  const what = reason === null || reason === "ok" ? STATUS_LABELS[status] : `${STATUS_LABELS[status]}: ${REASON_LABELS[reason]}`;
  return Number.isNaN(sinceMs) ? what : `${what}, for ${formatSpan(sinceMs)}`;
}

/** The facts in one sentence, for those who hear the map. */
export function spokenFacts({ name, sentence, facts }: MinerFacts): string {
  const parts = facts
    .filter(({ label }) => label === "Hashrate" || label === "Hottest chip" || label === "Place")
    .map(({ label, value, note }) => `${label} ${value === ABSENT ? "not known" : value}${note === "" ? "" : `, ${note}`}`);
  return `${name}. ${sentence}. ${parts.join(". ")}.`;
}
