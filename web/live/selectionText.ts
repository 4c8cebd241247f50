import { idOfKey, keyOfId } from "./identity.ts";

/** So many are written one by one, so that a person can read and change them; more as runs, `m1-m48`, or scattered ones bit by bit. */
const ONE_BY_ONE = 50;
/** Enough for any miners of 24,000 in a row; a longer one would make an address that nobody can send. */
const TEXT_MAX = 4000;
/** Behind `m7~`: six miners each, from m7 on, the lowest bit first. */
const BITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BITS_PER_LETTER = 6;
const WORD_SHOWN_MAX = 40;
const KEY_MAX = 1_048_575;

const written = new WeakMap<ReadonlySet<string>, string | null>();

/** A selection, a set that stays as it is, as a part of an address; null for none, and where it would be too long for one. */
export function writeSelection(ids: ReadonlySet<string>): string | null {
  let text = written.get(ids);
  if (text === undefined) written.set(ids, (text = write(ids)));
  return text;
}

function write(ids: ReadonlySet<string>): string | null {
  if (ids.size === 0) return null;
  const text = ids.size <= ONE_BY_ONE ? [...ids].join(",") : shortest(Float64Array.from(ids, keyOfId).sort());
  return text.length > TEXT_MAX ? null : text;
}

function shortest(keys: Float64Array): string {
  const runs = runsOf(keys).join(",");
  const lettersOfBits = (keys[keys.length - 1] - keys[0] + 1) / BITS_PER_LETTER;
  return runs.length <= lettersOfBits || lettersOfBits > TEXT_MAX ? runs : bitsOf(keys);
}

function bitsOf(keys: Float64Array): string {
  const [first] = keys;
  const letters = new Array<number>(Math.floor((keys[keys.length - 1] - first) / BITS_PER_LETTER) + 1).fill(0);
  for (const key of keys) letters[Math.floor((key - first) / BITS_PER_LETTER)] |= 1 << ((key - first) % BITS_PER_LETTER);
  return `${idOfKey(first)}~${letters.map((letter) => BITS[letter]).join("")}`;
}

function runsOf(keys: Float64Array): string[] {
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
    const keys = word.includes("~") ? readBits(word) : readRun(word);
    if (keys === null) wrong.push(word);
    else for (const key of keys) ids.push(idOfKey(key));
  }
  return { ids, wrong };
}

/** The keys of `m7` or `m1-m48`; null where it is neither. */
function readRun(word: string): number[] | null {
  const [from, to = from, ...more] = word.split("-").map(keyOfId);
  if (!(from <= to && to <= KEY_MAX) || more.length > 0) return null;
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}

/** The keys of `m7~…`; null where it is nothing of the kind. */
function readBits(word: string): number[] | null {
  const [id, text = ""] = word.split("~", 2);
  const first = keyOfId(id);
  const letters = Array.from(text, (letter) => BITS.indexOf(letter));
  if (!(first + letters.length * BITS_PER_LETTER <= KEY_MAX) || word.length > 2 * TEXT_MAX || letters.includes(-1)) return null;
  return letters.flatMap((letter, place) =>
    Array.from({ length: BITS_PER_LETTER }, (_, bit) => ((letter >> bit) & 1 ? first + place * BITS_PER_LETTER + bit : -1)).filter(
      (key) => key !== -1,
    ),
  );
}

/** One sentence for each word of the selection in an address that is not understood. */
export function selectionProblems(text: string): string[] {
  return readSelection(text).wrong.map((word) => {
    const shown = word.length > WORD_SHOWN_MAX ? `${word.slice(0, WORD_SHOWN_MAX)}…` : word;
    return `“${shown}” in select is not the id of a miner, nor a run of them such as m1-m48.`;
  });
}
