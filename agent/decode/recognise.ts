import type { RawObject } from "../cgminer/framing.ts";
import { rowsOf, statusOfReply } from "../cgminer/replies.ts";
import { textOrNull } from "./fields.ts";
import { identityRow, typeOf, type FirmwareFamily, type Replies } from "./replies.ts";

export interface RecognisedFirmware {
  readonly family: FirmwareFamily;
  readonly version: string | null;
}

/** What the replies say about the program that runs: everything upper-cased to compare, and as it stands to show. */
interface Signs {
  readonly version: RawObject;
  readonly identity: RawObject; // VERSION[0] with the identity row of stats over it
  readonly type: string; // upper case, "" when none
  readonly program: string; // BMMiner, CGMiner … upper case
  readonly description: string; // of STATUS, upper case
}

type Rule = (signs: Signs) => RecognisedFirmware | null;

/** Alternative firmware first: most of it contains the word Antminer as well. */
const RULES: readonly Rule[] = [braiins, luxos, vnish, hiveon, msk, asicseer, marathon, otherMaker, stock, cgminer];

/** Recognises the firmware from `version`, and from the identity row of `stats` where `version` is refused or says less. */
export function recogniseFirmware(replies: Replies): RecognisedFirmware {
  const signs = signsOf(replies);
  for (const rule of RULES) {
    const firmware = rule(signs);
    if (firmware !== null) return firmware;
  }
  return { family: "unknown", version: textOrNull(signs.identity.CompileTime) };
}

function signsOf(replies: Replies): Signs {
  const version = rowsOf(replies.version, "VERSION")[0] ?? {};
  const identity = { ...version, ...identityRow(replies.stats) };
  const described = replies.version ?? replies.stats ?? replies.summary ?? {};
  return {
    version,
    identity,
    type: (typeOf(replies) ?? "").toUpperCase(),
    program: upper(identity.BMMiner ?? identity.CGMiner ?? identity.Cgminer),
    description: upper(statusOfReply(described)?.description),
  };
}

function braiins({ version, type, program, description }: Signs): RecognisedFirmware | null {
  const key = Object.keys(version).find((name) => /^BOS(?:MINER\+?|ER)$/i.test(name));
  const isDescribed = /^BOS(?:MINER|ER)\b/.test(description);
  const isOf2018 = type.startsWith("BRAIINS") || program.startsWith("BOS_");
  if (key === undefined && !isDescribed && !isOf2018) return null;
  return { family: "braiins", version: textOrNull(key === undefined ? version.BMMiner : version[key]) };
}

function luxos({ version, identity, description }: Signs): RecognisedFirmware | null {
  if (!("LUXminer" in version) && !description.startsWith("LUXMINER")) return null;
  return { family: "luxos", version: textOrNull(version.LUXminer ?? identity.Miner) };
}

/** VNish refuses `version` from 1.2 on and calls itself cgminer 4.11.1; rebrands put their own name and VNish's version into Type. */
function vnish({ identity, type, description }: Signs): RecognisedFirmware | null {
  const named = /(?:VNISH|7MINERS)\s*(\d[\w.-]*)?/.exec(type);
  const isProgram = description === "CGMINER 4.11.1" && type.includes("ANTMINER");
  if (named === null && !isProgram) return null;
  return { family: "vnish", version: named?.[1]?.toLowerCase() ?? textOrNull(identity.build_version) };
}

function hiveon({ identity, type }: Signs): RecognisedFirmware | null {
  return type.includes("HIVEON") ? { family: "hiveon", version: textOrNull(identity.CompileTime) } : null;
}

/** " rwglr" alone is Hiveon or MSKminer; with a version in Type it is MSKminer. */
function msk({ type, program }: Signs): RecognisedFirmware | null {
  if (!program.endsWith(" RWGLR")) return null;
  const version = /\bV\.?(\d[\d.]*\d)/.exec(type)?.[1];
  return version === undefined ? { family: "unknown", version: textOrNull(program.toLowerCase()) } : { family: "msk", version };
}

/** Builds that leave out the word have its shape still: 2.4.2-1.2.2-90ed. */
function asicseer({ identity, program }: Signs): RecognisedFirmware | null {
  const isNamed = program.includes("ASICSEER") || /^2\.4\.\d+-\d+\.\d+\.\d+-[\dA-F]{4}$/.test(program);
  return isNamed ? { family: "asicseer", version: textOrNull(identity.BMMiner) } : null;
}

function marathon({ version }: Signs): RecognisedFirmware | null {
  const said = Object.entries(version).find(([key, value]) => /KAONSU|MARAFW/.test(`${key} ${upper(value)}`.toUpperCase()));
  if (said === undefined) return null;
  return { family: "marathon", version: textOrNull(said[1]) };
}

/** A maker's name in brackets in Type, in a field Firmware, in CompileTime or in Miner: not one we know, shown as it stands. */
function otherMaker({ identity, type }: Signs): RecognisedFirmware | null {
  const bracketed = /\(([^)]*[A-Z]{3}[^)]*)\)/.exec(type) === null ? null : /\(([^)]*)\)/.exec(String(identity.Type))?.[1];
  const named = textOrNull(bracketed) ?? textOrNull(identity.Firmware) ?? foreignText(identity.CompileTime) ?? foreignText(identity.Miner);
  return named === null ? null : { family: "unknown", version: named };
}

const FAMILIAR = /^(?:MON|TUE|WED|THU|FRI|SAT|SUN|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*$|^UART$|^TRANS$/;

/** Text with a word that belongs neither to a date nor to Bitmain's own codes (`uart_trans.1.3`, `b023.0.1.3`), null otherwise. */
function foreignText(value: unknown): string | null {
  const words = upper(value).match(/[A-Z]{3,}/g) ?? [];
  const isForeign = words.some((word) => word.length > 4 && !FAMILIAR.test(word));
  return isForeign ? textOrNull(value) : null;
}

function stock({ identity, type }: Signs): RecognisedFirmware | null {
  if (!type.includes("ANTMINER")) return null;
  return { family: "stock", version: textOrNull(identity.CompileTime) ?? textOrNull(identity.Miner) };
}

/** The reference program and its relatives without a word on the hardware. */
function cgminer({ identity, type, program, description }: Signs): RecognisedFirmware | null {
  const isProgram = program !== "" || /^(?:CG|BM|SG)MINER\b/.test(description);
  if (type !== "" || !isProgram) return null;
  return {
    family: "cgminer",
    version: textOrNull(identity.CGMiner ?? identity.BMMiner ?? identity.Cgminer) ?? textOrNull(description.toLowerCase()),
  };
}

function upper(value: unknown): string {
  return typeof value === "string" ? value.toUpperCase() : "";
}
