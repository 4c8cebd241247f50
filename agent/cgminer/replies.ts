import type { RawObject } from "./framing.ts";

/** The STATUS of a reply in one shape; the letter decides, never code or message: an error with code 0 was seen on VNish. */
export interface ReplyStatus {
  readonly letter: "S" | "W" | "I" | "E" | "F" | null;
  readonly message: string;
  readonly description: string; // program and version
}

const NO_ROWS: readonly RawObject[] = [];

/** Reads STATUS as array of one (cgminer), as object (new_api, CGI) or as plain string (WhatsMiner-like); null where there is none. */
export function statusOfReply(reply: RawObject): ReplyStatus | null {
  const row = statusRow(reply);
  if (row === null) return null;
  if (typeof row === "string") return { letter: letterOf(row), message: textOf(reply.Msg), description: textOf(reply.Description) };
  return { letter: letterOf(row.STATUS), message: textOf(row.Msg), description: textOf(row.Description) };
}

/** `Code` of STATUS, null where there is none. Says why a command was refused (14 unknown, 45 not allowed), never whether. */
export function statusCodeOf(reply: RawObject): number | null {
  const code = rowsOf(reply, "STATUS")[0]?.Code;
  return typeof code === "number" ? code : null;
}

/** True when the firmware refused the command: unknown to it, or not allowed for this address. */
export function isRefusal(reply: RawObject): boolean {
  const status = statusRow(reply);
  const letter = letterOf(typeof status === "string" ? status : status?.STATUS);
  return letter === "E" || letter === "F";
}

/** True for anything that speaks the cgminer protocol; other JSON on the port is not a miner's. */
export function isMinerReply(reply: RawObject): boolean {
  return statusRow(reply) !== null;
}

function statusRow(reply: RawObject): RawObject | string | null {
  const status = reply.STATUS;
  const row = Array.isArray(status) ? (status as unknown[])[0] : status;
  return typeof row === "string" || isObject(row) ? row : null;
}

/** Rows of a section such as `STATS` or `POOLS`; empty when the reply has no such section. */
export function rowsOf(reply: RawObject | undefined, section: string): readonly RawObject[] {
  const rows = reply?.[section];
  if (!Array.isArray(rows)) return isObject(rows) ? [rows] : NO_ROWS;
  return (rows as unknown[]).every(isObject) ? (rows as RawObject[]) : (rows as unknown[]).filter(isObject);
}

/** One command's reply out of the answer to joined commands (`{"summary":[{…}],"pools":[{…}]}`); undefined where it is missing. */
export function partOfJoined(reply: RawObject, command: string): RawObject | undefined {
  return rowsOf(reply, command)[0];
}

export function isObject(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function letterOf(value: unknown): ReplyStatus["letter"] {
  if (value === "S") return value;
  const letter = textOf(value).trim().toUpperCase();
  return letter === "S" || letter === "W" || letter === "I" || letter === "E" || letter === "F" ? letter : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
