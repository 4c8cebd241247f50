/** Where things lie: windows, pieces, chunks and their ids. Instants in epoch milliseconds; a miner's key is below 2^20. */

const KEY_LIMIT = 2 ** 20;
const SECOND = 1000;
export const MINUTE_MS = 60 * SECOND;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** What one joined chunk spans. */
export const WINDOW_MS = 4 * HOUR_MS;
/** Sealed pieces of one miner begin in different slots of this length. */
export const PIECE_MS = 10 * MINUTE_MS;

export function windowStart(atMs: number): number {
  return Math.floor(atMs / WINDOW_MS) * WINDOW_MS;
}

/** Starts of the windows that hold any of fromMs <= time < toMs. */
export function windowsBetween(fromMs: number, toMs: number): number[] {
  const starts: number[] = [];
  for (let start = windowStart(fromMs); start < toMs; start += WINDOW_MS) starts.push(start);
  return starts;
}

/** A number from 0 to below `span`, spread evenly over miners and the same for ever: the miner's own moment in a period. */
export function phaseOf(minerKey: number, spanMs: number): number {
  return Math.floor(((Math.imul(minerKey, 0x9e3779b1) >>> 0) / 2 ** 32) * spanMs);
}

/** How long after its end a window of this miner is joined: an hour for its pieces to be sealed, then the miner's own moment of three hours. */
export function joinDelayMs(minerKey: number): number {
  return HOUR_MS + phaseOf(minerKey, 3 * HOUR_MS);
}

/** Id of a joined chunk: by the moment it is due, so that chunks are appended in the order of their ids and pages stay full. */
export function chunkId(minerKey: number, windowStartMs: number): number {
  return Math.floor((windowStartMs + joinDelayMs(minerKey)) / SECOND) * KEY_LIMIT + minerKey;
}

/** Id of a piece by the slot of its first sample. */
export function pieceId(minerKey: number, firstAtMs: number): number {
  return (Math.floor(firstAtMs / PIECE_MS) * PIECE_MS * KEY_LIMIT) / SECOND + minerKey;
}

/** Ids of all pieces that a window of a miner can have. */
export function pieceIds(minerKey: number, windowStartMs: number): number[] {
  return Array.from({ length: WINDOW_MS / PIECE_MS }, (_, slot) => pieceId(minerKey, windowStartMs + slot * PIECE_MS));
}

/** Smallest id of anything that begins at or after `atMs`; for deletes by range. */
export function firstIdAt(atMs: number): number {
  return Math.floor(atMs / SECOND) * KEY_LIMIT;
}

/** Id of a rollup row: the number of its span since 1970, then the miner. */
export function rollupId(minerKey: number, spanStartMs: number, spanMs: number): number {
  return Math.floor(spanStartMs / spanMs) * KEY_LIMIT + minerKey;
}
