import type { Field, NumberField } from "./fields.ts";

/** What a row can be chosen by: it has one of the values, or none of them. The names are the filters of GET /miners. */
export const CHOICE_FIELDS = ["status", "reason", "rack", "model", "firmware", "controlBoard", "agent", "tag"] as const;
export type ChoiceField = (typeof CHOICE_FIELDS)[number];

export interface Choice {
  /** Empty text: the row has no such thing, such as no rack. */
  readonly values: readonly string[];
  /** The rows without these values. */
  readonly not: boolean;
}

/** Bounds in the field's own unit, both included; null leaves a side open. */
export interface NumberRange {
  readonly min: number | null;
  readonly max: number | null;
}

export interface SortTerm {
  readonly field: Field;
  readonly descending: boolean;
}

/** Which rows, and in which order. Every condition must hold. */
export interface RowQuery {
  /** Words that must all occur, in any of the searched fields. */
  readonly text: string;
  readonly choices: Readonly<Partial<Record<ChoiceField, Choice>>>;
  readonly ranges: Readonly<Partial<Record<NumberField, NumberRange>>>;
  /** CIDR or address; the miner is in one of them. Empty: anywhere. */
  readonly subnets: readonly string[];
  /** The first decides, the next where it ties; rows that still tie stand in the order of their names. */
  readonly sort: readonly SortTerm[];
}

export const ALL_ROWS: RowQuery = { text: "", choices: {}, ranges: {}, subnets: [], sort: [{ field: "name", descending: false }] };

export function isFiltered({ text, choices, ranges, subnets }: RowQuery): boolean {
  return text !== "" || Object.keys(choices).length > 0 || Object.keys(ranges).length > 0 || subnets.length > 0;
}

/** The fields whose values decide which rows there are and in which order. */
export function fieldsOf({ ranges, sort }: RowQuery): Field[] {
  return [...(Object.keys(ranges) as NumberField[]), ...sort.map(({ field }) => field)];
}
