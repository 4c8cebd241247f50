import { REASONS, STATUSES, type Status } from "../../../server/contract/status.ts";
import { FIELDS, NUMBER_FIELDS, TEXT_FIELDS, type Field, type NumberField } from "../../live/fields.ts";
import {
  ALL_ROWS,
  CHOICE_FIELDS,
  type Choice,
  type ChoiceField,
  type NumberRange,
  type RowQuery,
  type SortTerm,
} from "../../live/rowQuery.ts";
import { selectionProblems } from "../../live/selectionText.ts";
import { parseSubnet } from "../../live/subnets.ts";
import { parseLayout, writeLayout, type Layout } from "./layout.ts";
import { readList, writeList } from "./wordList.ts";

export const NEEDS_ATTENTION: readonly Status[] = ["degraded", "notHashing", "unreachable"];

/** What the address of the table says. */
export interface TableAddress {
  readonly query: RowQuery;
  /** null: as this browser last had it. */
  readonly layout: Layout | null;
  /** The saved view that was opened, whatever was changed since; null for none. */
  readonly viewId: string | null;
}

export interface ParsedAddress extends TableAddress {
  /** One sentence for each part of the address that is not understood; the rest holds. */
  readonly problems: readonly string[];
}

/**
 * Reads `?q=text&status=a,b&model=!S19&chipTempCMax=84..&subnet=10.20.0.0/16&sort=-hashrateHs,name&columns=…&view=…`.
 *
 * Lists are joined by commas, `!` in front means none of them; ranges are `from..to`, either side open. What is wrong is named and left out.
 */
export function parseMinersAddress(search: string): ParsedAddress {
  const params = new URLSearchParams(search);
  const problems: string[] = [];
  const choices: Partial<Record<ChoiceField, Choice>> = {};
  const ranges: Partial<Record<NumberField, NumberRange>> = {};
  for (const [name, text] of params) {
    if (isOneOf(CHOICE_FIELDS, name)) assign(choices, name, parseChoice(name, text, problems));
    else if (isOneOf(NUMBER_FIELDS, name)) assign(ranges, name, parseRange(name, text, problems));
    else if (name === "select") problems.push(...selectionProblems(text));
    else if (!OTHER_PARTS.includes(name)) problems.push(`“${name}” is not known here. Known are ${KNOWN_PARTS.join(", ")}.`);
  }
  const subnets = readList(params.get("subnet") ?? "").filter((text) => isSubnet(text, problems));
  const sort = parseSort(params.get("sort"), problems);
  const columns = params.get("columns");
  const layout = columns === null ? null : parseLayout(columns, problems);
  const query = { text: params.get("q") ?? "", choices, ranges, subnets, sort };
  return { query, layout, viewId: params.get("view"), problems };
}

const OTHER_PARTS: readonly string[] = ["q", "subnet", "sort", "columns", "view", "site"];
const KNOWN_PARTS = ["q", ...CHOICE_FIELDS, "subnet", "sort", "columns", "view", "select", "and the numbers of the table"];

function isOneOf<T extends string>(known: readonly T[], word: string): word is T {
  return (known as readonly string[]).includes(word);
}

function assign<K extends string, V>(record: Partial<Record<K, V>>, key: K, value: V | null): void {
  if (value !== null) record[key] = value;
}

const KNOWN_VALUES: Partial<Record<ChoiceField, readonly string[]>> = { status: STATUSES, reason: Object.values(REASONS).flat() };

function parseChoice(field: ChoiceField, text: string, problems: string[]): Choice | null {
  const not = text.startsWith("!");
  const asked = readList(not ? text.slice(1) : text);
  const known = KNOWN_VALUES[field];
  if (known === undefined) return asked.length === 0 ? null : { values: asked, not };
  for (const word of asked) if (!known.includes(word)) problems.push(`There is no ${field} “${word}”. Known are ${known.join(", ")}.`);
  const values = known.filter((word) => asked.includes(word));
  return values.length === 0 ? null : { values, not };
}

function parseRange(field: NumberField, text: string, problems: string[]): NumberRange | null {
  const [from, to = "?"] = text.split("..");
  const [min, max] = [bound(from), bound(to)];
  const isRange = !Number.isNaN(min) && !Number.isNaN(max) && (min !== null || max !== null) && (min ?? -Infinity) <= (max ?? Infinity);
  if (!isRange) problems.push(`“${field}=${text}” is not a range. Write ${field}=84.. or ..84 or 70..84.`);
  return isRange ? { min, max } : null;
}

function bound(text: string): number | null {
  return text === "" ? null : Number(text);
}

function isSubnet(text: string, problems: string[]): boolean {
  if (parseSubnet(text) !== null) return true;
  problems.push(`“${text}” is not a subnet. Write 10.20.0.0/16, or one address.`);
  return false;
}

function parseSort(text: string | null, problems: string[]): readonly SortTerm[] {
  const terms: SortTerm[] = [];
  for (const word of (text ?? "").split(",").filter(Boolean)) {
    const name = word.replace(/^-/, "");
    if (!isOneOf(FIELDS, name)) problems.push(`The table cannot be sorted by “${name}”. Known are ${FIELDS.join(", ")}.`);
    else if (!terms.some(({ field }) => field === name)) terms.push({ field: name, descending: word.startsWith("-") });
  }
  return terms.length === 0 ? ALL_ROWS.sort : terms;
}

/** The address of the table with this question and these columns, opened from this view; what is as by default is left out. */
export function minersAddress(query: RowQuery = ALL_ROWS, layout: Layout | null = null, viewId: string | null = null): string {
  const params = new URLSearchParams();
  if (query.text !== "") params.set("q", query.text);
  for (const field of CHOICE_FIELDS) {
    const choice = query.choices[field];
    if (choice !== undefined) params.set(field, `${choice.not ? "!" : ""}${writeList(choice.values)}`);
  }
  for (const field of NUMBER_FIELDS) {
    const range = query.ranges[field];
    if (range !== undefined) params.set(field, `${range.min ?? ""}..${range.max ?? ""}`);
  }
  if (query.subnets.length > 0) params.set("subnet", writeList(query.subnets));
  const sort = writeSort(query.sort);
  if (sort !== writeSort(ALL_ROWS.sort)) params.set("sort", sort);
  if (layout !== null) params.set("columns", writeLayout(layout));
  if (viewId !== null) params.set("view", viewId);
  const text = readable(params.toString());
  return text === "" ? "/miners" : `/miners?${text}`;
}

function writeSort(sort: readonly SortTerm[]): string {
  return sort.map(({ field, descending }) => `${descending ? "-" : ""}${field}`).join(",");
}

/** Characters that need no escape in a query and are easier on the eye without. */
function readable(params: string): string {
  return params.replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%21", "!");
}

/** The address of the miners that have one of the values of each field; those with the most of `first` at the top, if that is said. */
export function minersWhere(wanted: Partial<Record<ChoiceField, readonly string[]>>, first: NumberField | null = null): string {
  const choices = Object.fromEntries(Object.entries(wanted).map(([field, values]) => [field, { values, not: false }]));
  const sort = first === null ? ALL_ROWS.sort : [{ field: first, descending: true }];
  return minersAddress({ ...ALL_ROWS, choices, sort });
}

/** The address of all miners in the order of one number, the largest first. */
export function minersFrom(field: NumberField): string {
  return minersAddress({ ...ALL_ROWS, sort: [{ field, descending: true }] });
}

/**
 * The order after a click on a head: by that field alone, or, added, as the last of several. Numbers are first asked for from the top, names
 * from A; a second click turns the field round, and a third added one takes it out again.
 */
export function nextSort(sort: readonly SortTerm[], field: Field, added: boolean): readonly SortTerm[] {
  const held = sort.find((term) => term.field === field);
  const first = { field, descending: !ASCENDING_FIRST.has(field) };
  const turned = { field, descending: held?.descending !== true };
  if (!added) return [held === undefined ? first : turned];
  if (held === undefined) return [...sort, first];
  if (held.descending === first.descending) return sort.map((term) => (term === held ? turned : term));
  return sort.length === 1 ? [first] : sort.filter((term) => term !== held);
}

const ASCENDING_FIRST: ReadonlySet<Field> = new Set([...TEXT_FIELDS, "fanRpmMin", "fansRpm", "ratedShare"] as const);
