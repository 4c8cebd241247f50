/** Thirty-two well mixed bits from two integers. The same pair gives the same bits on every machine and in every run. */
export function hash32(a: number, b: number): number {
  let x = Math.imul(a ^ Math.imul(b + 1, 0x9e3779b1), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** 0 ≤ value < 1 from two integers. */
export function unit(a: number, b: number): number {
  return hash32(a, b) / 4294967296;
}

/** `low` ≤ value < `high` from two integers. */
export function between(a: number, b: number, [low, high]: readonly [number, number]): number {
  return low + unit(a, b) * (high - low);
}

/** Smooth noise between -1 and 1 along `x`; it changes by at most 3 per unit of `x`, and needs no memory of what came before. */
export function noise(seed: number, x: number): number {
  const left = Math.floor(x);
  const f = x - left;
  const weight = f * f * (3 - 2 * f);
  const a = unit(seed, left);
  const b = unit(seed, left + 1);
  return 2 * (a + (b - a) * weight) - 1;
}

/**
 * How many irregular arrivals have come when `expected` were to be expected. Never goes down as `expected` grows:
 * the noise has a slope below 1 (2 × 3 / 8 of it).
 */
export function arrivals(seed: number, expected: number): number {
  return Math.max(0, Math.floor(expected + 2 * (noise(seed, expected / 8) - noise(seed, 0))));
}
