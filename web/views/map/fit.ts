/** The largest whole number from `least` to `most` for which `fits` holds, which must not hold again above one that does not; `least` where none does. */
export function largestThatFits({ least, most }: { least: number; most: number }, fits: (value: number) => boolean): number {
  let [low, high] = [Math.floor(least), Math.max(Math.floor(least), Math.floor(most))];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
