import type { Status } from "../../../server/contract/status.ts";
import { plainText } from "../../format/plainText.ts";
import { REASON_LABELS, STATUS_LABELS } from "../../format/status.ts";
import type { NumberField } from "../../live/fields.ts";
import type { Places } from "../../live/places.ts";
import { CHOICE_FIELDS, type ChoiceField, type NumberRange, type RowQuery } from "../../live/rowQuery.ts";
import { boundText, capital, MEASURES } from "./measures.ts";

/** What a condition is about. */
export type Subject =
  | { readonly kind: "choice"; readonly field: ChoiceField }
  | { readonly kind: "range"; readonly field: NumberField }
  | { readonly kind: "subnets" }
  | { readonly kind: "site" }
  | { readonly kind: "text" };

/** One condition as a piece of the sentence "Miners running S21 that are degraded". */
export interface Condition {
  readonly subject: Subject;
  /** What leads on to it; of several in a row with the same only the first has it. */
  readonly lead: string;
  readonly text: string;
}

export const CHOICE_LABELS: Readonly<Record<ChoiceField, string>> = {
  status: "Status",
  reason: "Reason",
  rack: "Rack",
  model: "Model",
  firmware: "Firmware",
  controlBoard: "Control board",
  agent: "Agent",
  tag: "Tag",
};

const LEADS: Readonly<Record<ChoiceField, string>> = {
  rack: "in",
  model: "of model",
  firmware: "with firmware",
  controlBoard: "with board",
  agent: "polled by",
  tag: "tagged",
  status: "that are",
  reason: "because of",
};

/** Places first, then what the machine is, then how it does. */
const ORDER: readonly ChoiceField[] = ["rack", "agent", "model", "firmware", "controlBoard", "tag", "status", "reason"];

export function conditionsOf(query: RowQuery, places: Places, siteId: string | null): Condition[] {
  const conditions: Condition[] = siteId === null ? [] : [{ subject: { kind: "site" }, lead: "at", text: places.nameOf("site", siteId) }];
  const { text, choices, ranges, subnets } = query;
  for (const field of ORDER) {
    const choice = choices[field];
    if (choice === undefined) continue;
    const words = oneOf(choice.values.map((value) => valueLabel(field, value, places)));
    conditions.push({ subject: { kind: "choice", field }, lead: LEADS[field], text: choice.not ? `not ${words}` : words });
  }
  if (subnets.length > 0) conditions.push({ subject: { kind: "subnets" }, lead: "in subnet", text: oneOf(subnets) });
  for (const [field, range] of Object.entries(ranges) as [NumberField, NumberRange][])
    conditions.push({ subject: { kind: "range", field }, lead: "with", text: `${MEASURES[field].words} ${rangeText(field, range)}` });
  if (text !== "") conditions.push({ subject: { kind: "text" }, lead: "matching", text: `“${plainText(text)}”` });
  return conditions;
}

const SHOWN_VALUES = 3;

function oneOf(values: readonly string[]): string {
  if (values.length > SHOWN_VALUES + 1) return `${values.slice(0, SHOWN_VALUES).join(", ")} or ${values.length - SHOWN_VALUES} more`;
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1) ?? ""}`;
}

function rangeText(field: NumberField, { min, max }: NumberRange): string {
  if (min === null) return `at most ${boundText(field, max ?? 0)}`;
  return max === null ? `at least ${boundText(field, min)}` : `from ${boundText(field, min)} to ${boundText(field, max)}`;
}

/** A value of a miner in words; empty is none. */
export function valueLabel(field: ChoiceField, value: string, places: Places): string {
  if (value === "") return `no ${CHOICE_LABELS[field].toLowerCase()}`;
  switch (field) {
    case "status":
      return STATUS_LABELS[value as Status].toLowerCase();
    case "reason":
      return REASON_LABELS[value as keyof typeof REASON_LABELS];
    case "rack":
    case "agent":
      return plainText(places.nameOf(field, value));
    default:
      return plainText(value);
  }
}

/** The question without one of its conditions; the site is no part of it. */
export function without(query: RowQuery, subject: Subject): RowQuery {
  switch (subject.kind) {
    case "choice":
      return { ...query, choices: omit(query.choices, subject.field) };
    case "range":
      return { ...query, ranges: omit(query.ranges, subject.field) };
    case "subnets":
      return { ...query, subnets: [] };
    case "text":
      return { ...query, text: "" };
    case "site":
      return query;
  }
}

function omit<T extends object>(record: T, key: keyof T): T {
  return Object.fromEntries(Object.entries(record).filter(([held]) => held !== key)) as T;
}

/** Everything that a condition can be about, with what it is called. */
export function subjects(): { readonly subject: Subject; readonly label: string }[] {
  const numbers = (Object.keys(MEASURES) as NumberField[]).filter((field) => field !== "fansRpm");
  return [
    ...CHOICE_FIELDS.map((field) => ({ subject: { kind: "choice", field } as const, label: CHOICE_LABELS[field] })),
    { subject: { kind: "site" }, label: "Site" },
    { subject: { kind: "subnets" }, label: "Subnet" },
    ...numbers.map((field) => ({ subject: { kind: "range", field } as const, label: capital(MEASURES[field].words) })),
  ];
}
