/** Positions from `from` up to, and without, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Sight {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly count: number;
}

/** The rows in sight and so many on either side of them. */
export function rowsInSight({ scrollTop, height, rowHeight, count }: Sight, beyond: number): Span {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - beyond);
  const to = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + beyond);
  return { from: Math.min(from, to), to };
}
