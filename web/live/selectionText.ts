import { idOfKey, keyOfId } from "./identity.ts";

/** So many are written one by one, so that a person can read and change them; more as runs, `m1-m48`. */
const ONE_BY_ONE = 50;
/** A longer one would make an address that nobody can send. */
const TEXT_MAX = 2000;
const KEY_MAX = 1_048_575;

/** A selection as a part of an address; null for none, and where it would be too long for one. */
export function writeSelection(ids: ReadonlySet<string>): string | null {
  if (ids.size === 0) return null;
  const words = ids.size <= ONE_BY_ONE ? [...ids] : runsOf(ids);
  const text = words.join(",");
  return text.length > TEXT_MAX ? null : text;
}

function runsOf(ids: ReadonlySet<string>): string[] {
  const keys = Float64Array.from(ids, keyOfId).sort();
  const words: string[] = [];
  let from = 0;
  keys.forEach((key, place) => {
    if (keys[place + 1] === key + 1) return;
    words.push(place === from ? idOfKey(key) : `${idOfKey(keys[from])}-${idOfKey(key)}`);
    from = place + 1;
  });
  return words;
}

export interface ReadSelection {
  readonly ids: readonly string[];
  /** Words that are neither an id nor a run of ids. */
  readonly wrong: readonly string[];
}

export function readSelection(text: string): ReadSelection {
  const ids: string[] = [];
  const wrong: string[] = [];
  for (const word of text.split(",").filter(Boolean)) {
    const [from, to = from] = word.split("-").map(keyOfId);
    if (!(from <= to && to <= KEY_MAX) || word.split("-").length > 2) wrong.push(word);
    else for (let key = from; key <= to; key++) ids.push(idOfKey(key));
  }
  return { ids, wrong };
}

/** One sentence for each word of the selection in an address that is not understood. */
export function selectionProblems(text: string): string[] {
  return readSelection(text).wrong.map((word) => `“${word}” in select is not the id of a miner, nor a run of them such as m1-m48.`);
}
