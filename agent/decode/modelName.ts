import type { ControlBoard } from "../../server/contract/identity.ts";
import { isBoardName, modelOf } from "../models/lookup.ts";
import type { MinerModel } from "../models/catalogue.ts";
import type { FirmwareFamily } from "./replies.ts";

/** A model as read from a type string: the catalogue's where it holds the name, else the name as reported. */
export interface NamedModel {
  readonly name: string | null;
  readonly model: MinerModel | null;
  readonly controlBoard: ControlBoard | null; // VNish names it behind the model
}
const NONE: NamedModel = { name: null, model: null, controlBoard: null };

/** VNish's suffixes for the control board; " A" stands there too, without a source that says for which. */
const VNISH_SUFFIX = /\s+(?:BB|A)$/i;

/**
 * Reads the model out of a type string ("Antminer S19JPRO Hiveon", "S19-88 v.2.6.0.39 ", "Antminer S9 (vnish 3.8.6)", "braiins-am1-s9").
 * The name of a board that sits in several models gives none, and an unknown name stays itself: never the nearest relative.
 */
export function readModel(type: string | null, family: FirmwareFamily): NamedModel {
  if (type === null) return NONE;
  const name = family === "braiins" ? braiinsName(type) : bareName(type);
  if (name === "" || isBoardName(name)) return NONE;
  const model = modelOf(name);
  if (model !== null) return { name: model.name ?? name, model, controlBoard: null };
  const unsuffixed = family === "vnish" ? name.replace(VNISH_SUFFIX, "") : name;
  const base = modelOf(unsuffixed);
  if (base === null) return { name: name.slice(0, 100), model: null, controlBoard: null };
  return { name: base.name ?? unsuffixed, model: base, controlBoard: / BB$/i.test(name) ? "beaglebone" : null };
}

/** First line without the maker, bracketed text, firmware names and versions. */
function bareName(type: string): string {
  return type
    .trim()
    .replace(/[\r\n].*$/s, " ")
    .replace(/\([^)]*\)?/g, " ")
    .replace(/\bantminer\b/i, " ")
    .replace(/\bhiveon\b.*$/i, " ")
    .replace(/\bv\.?\d[\w.-]*\s*$/i, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Braiins names platforms. One of them is one model alone; the others (am2-s17) hold several. */
function braiinsName(type: string): string {
  if (/\bam1-s9\b/i.test(type)) return "S9";
  return /\bam\d-/i.test(type) ? "" : bareName(type);
}
