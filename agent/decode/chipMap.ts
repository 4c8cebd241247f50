/** Chips of a map: `o` good, `x` bad; blanks only group by domain. */
export interface ChipMap {
  readonly ok: number;
  readonly bad: number;
  readonly text: string | null; // as it is shown; null for a map without a letter
}

const MAX_LENGTH = 1024;
const MAX_KNOWN = 1024;
const NO_MAP: ChipMap = { ok: 0, bad: 0, text: null };

/** Maps hardly ever change, and most are all `o`: each is read once. */
const known = new Map<string, ChipMap>();

/** Reads the chip map of a chain; anything but text is a map without a letter. */
export function readChipMap(value: unknown): ChipMap {
  if (typeof value !== "string" || value === "") return NO_MAP;
  return known.get(value) ?? learn(value);
}

function learn(value: string): ChipMap {
  const bytes = Buffer.from(value);
  if (value.length > MAX_LENGTH || bytes.length !== value.length) return read(value);
  if (known.size >= MAX_KNOWN) known.clear();
  const own = bytes.toString("latin1"); // a part of a reply's text would keep all of it
  const map = read(own);
  known.set(own, map);
  return map;
}

function read(value: string): ChipMap {
  let ok = 0;
  let bad = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i) | 32;
    if (code === 111) ok++;
    else if (code === 120) bad++;
  }
  return { ok, bad, text: ok + bad > 0 ? value.trim().slice(0, MAX_LENGTH) : null };
}
