import type { Rect } from "./geometry.ts";

/** What is drawn on top of the cells. */
export interface Marks {
  /** Cells; -1 for none. */
  readonly hovered: number;
  readonly focused: number;
  readonly selected: readonly number[];
  /** Pixels of the screen. */
  readonly brush: Rect | null;
  /** Slots that what is dragged would take, pixels of the map. */
  readonly targets: readonly Rect[];
}

export const NO_MARKS: Marks = { hovered: -1, focused: -1, selected: [], brush: null, targets: [] };

/** Whether there is anything to draw. */
export function hasMarks({ hovered, focused, selected, brush, targets }: Marks): boolean {
  return hovered !== -1 || focused !== -1 || selected.length > 0 || brush !== null || targets.length > 0;
}
