import type { FleetIdentity } from "../../server/contract/api.ts";
import { STATUS_CODES } from "../../server/contract/status.ts";
import { currentNumberOf, type NumberField } from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import { CHOICE_FIELDS, type Choice, type ChoiceField, type NumberRange, type RowQuery } from "./rowQuery.ts";
import { addressNumber, isWithin, parseSubnet } from "./subnets.ts";

type RowTest = (row: number) => boolean;

/** The rows that meet every condition, in no order. Cheap tests come first, so that costly ones see few rows. */
export function matchingRows(fleet: Fleet, query: RowQuery): Uint32Array {
  const tests = testsOf(fleet, query);
  const rows = new Uint32Array(fleet.rowCount);
  let count = 0;
  for (let row = 0; row < fleet.rowCount; row++) if (tests.every((test) => test(row))) rows[count++] = row;
  return rows.subarray(0, count);
}

function testsOf(fleet: Fleet, { text, choices, ranges, subnets }: RowQuery): RowTest[] {
  const tests = CHOICE_FIELDS.flatMap((field) => (choices[field] === undefined ? [] : [choiceTest(fleet, field, choices[field])]));
  for (const [field, range] of Object.entries(ranges)) tests.push(rangeTest(fleet, field as NumberField, range));
  if (subnets.length > 0) tests.push(subnetTest(fleet, subnets));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0) tests.push(wordTest(fleet, words));
  return tests;
}

function choiceTest(fleet: Fleet, field: ChoiceField, { values, not }: Choice): RowTest {
  const wanted = new Set(values);
  if (field === "status" || field === "reason") {
    const isWanted = STATUS_CODES.map((code) => wanted.has(code[field]) !== not);
    return (row) => isWanted[fleet.value("status", row)] ?? not;
  }
  const identityOfRow = fleet.identityOfRow();
  const { columns } = fleet.identity;
  if (field === "tag") {
    const hasNone = wanted.has("");
    return (row) => {
      const tags = columns.tags[identityOfRow[row]] ?? [];
      return (tags.length === 0 ? hasNone : tags.some((tag) => wanted.has(tag))) !== not;
    };
  }
  if (field === "firmware") return (row) => firmwareValues(columns, identityOfRow[row]).some((value) => wanted.has(value)) !== not;
  return (row) => wanted.has(ownValue(columns, field, identityOfRow[row])) !== not;
}

/** The family, and the family with its version: all of one make, or those that wait for an update. */
function firmwareValues({ firmwareFamily, firmwareVersion }: FleetIdentity, index: number): readonly string[] {
  const [family, version] = [firmwareFamily[index] ?? "", firmwareVersion[index]];
  return (version ?? "") === "" ? [family] : [family, `${family} ${version}`];
}

/** The one value of a miner, empty where it has none. */
function ownValue(columns: FleetIdentity, field: Exclude<ChoiceField, "status" | "reason" | "tag" | "firmware">, index: number): string {
  switch (field) {
    case "rack":
      return columns.rackId[index] ?? "";
    case "agent":
      return columns.agentId[index] ?? "";
    case "model":
      return columns.model[index] ?? columns.modelReported[index] ?? "";
    case "controlBoard":
      return columns.controlBoard[index] ?? "";
  }
}

/** Which values the miners of the fleet have, and how many of them each. */
export function valueCounts(fleet: Fleet, field: ChoiceField): Map<string, number> {
  const counts = new Map<string, number>();
  const identityOfRow = fleet.identityOfRow();
  for (let row = 0; row < fleet.rowCount; row++)
    for (const value of valuesOf(fleet, field, { row, index: identityOfRow[row] })) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function valuesOf(fleet: Fleet, field: ChoiceField, { row, index }: { row: number; index: number }): readonly string[] {
  if (field === "status" || field === "reason") return [fleet.statusOf(row)[field]];
  if (field === "firmware") return firmwareValues(fleet.identity.columns, index);
  if (field !== "tag") return [ownValue(fleet.identity.columns, field, index)];
  const tags = fleet.identity.columns.tags[index] ?? [];
  return tags.length === 0 ? [""] : tags;
}

/** What is not known, or was known of old, is in no range. */
function rangeTest(fleet: Fleet, field: NumberField, { min, max }: NumberRange): RowTest {
  const [from, to] = [min ?? -Infinity, max ?? Infinity];
  return (row) => {
    const value = currentNumberOf(fleet, field, row);
    return value >= from && value <= to;
  };
}

function subnetTest(fleet: Fleet, texts: readonly string[]): RowTest {
  const subnets = texts.map(parseSubnet).filter((subnet) => subnet !== null);
  const identityOfRow = fleet.identityOfRow();
  const { address } = fleet.identity.columns;
  return (row) => {
    const number = addressNumber(address[identityOfRow[row]] ?? "");
    return !Number.isNaN(number) && subnets.some((subnet) => isWithin(subnet, number));
  };
}

function wordTest(fleet: Fleet, words: readonly string[]): RowTest {
  const identityOfRow = fleet.identityOfRow();
  return (row) => {
    const haystack = fleet.identity.haystack(identityOfRow[row] ?? -1);
    return words.every((word) => haystack.includes(word));
  };
}
