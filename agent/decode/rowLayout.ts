import type { RawObject } from "../cgminer/framing.ts";

/** Names of one chain's fields; made once, so that decoding builds no strings. */
export interface ChainKeys {
  readonly chain: number;
  readonly count: string;
  readonly map: string;
  readonly rate: string;
  readonly ideal: string;
  readonly errors: string;
  readonly frequencies: readonly string[]; // the first that holds one counts
  readonly board: string;
  readonly chips: readonly string[];
  readonly pcb: string;
  readonly chip: string;
  readonly pic: string;
  readonly split: readonly string[];
}
const MAX_CHAIN = 16; // the highest number that any firmware prints
const CHAINS: readonly ChainKeys[] = Array.from({ length: MAX_CHAIN + 1 }, (_, n) => ({
  chain: n,
  count: `chain_acn${n}`,
  map: `chain_acs${n}`,
  rate: `chain_rate${n}`,
  ideal: `chain_rateideal${n}`,
  errors: `chain_hw${n}`,
  frequencies: [`freq_avg${n}`, `freq${n}`, `frequency${n}`],
  board: `temp${n}`,
  chips: [`temp2_${n}`, `temp3_${n}`, `temp4_${n}`],
  pcb: `temp_pcb${n}`,
  chip: `temp_chip${n}`,
  pic: `temp_pic${n}`,
  split: [`temp_in_chip_${n}`, `temp_out_chip_${n}`, `temp_in_pcb_${n}`, `temp_out_pcb_${n}`],
}));
const FANS = Array.from({ length: 16 }, (_, index) => `fan${index + 1}`);

/** Which of the numbered fields a row of `stats` has. */
export interface RowLayout {
  readonly chains: readonly ChainKeys[]; // those with a count or a rate
  readonly fans: readonly (string | null)[]; // by position; null where the row has none
}

/** Replies of one layout are read into one object (`ReplyReader`), whose fields need to be looked for once: most of the numbers do not exist. */
const layouts = new WeakMap<RawObject, RowLayout>();

export function rowLayout(row: RawObject): RowLayout {
  let layout = layouts.get(row);
  if (layout === undefined) layouts.set(row, (layout = readLayout(row)));
  return layout;
}

function readLayout(row: RawObject): RowLayout {
  const chains = CHAINS.filter(({ count, rate }) => row[count] !== undefined || row[rate] !== undefined);
  return {
    chains: chains.map((keys) => ({ ...keys, frequencies: keys.frequencies.filter((key) => key in row) })),
    fans: FANS.map((key) => (key in row ? key : null)).slice(0, FANS.findLastIndex((key) => key in row) + 1),
  };
}
