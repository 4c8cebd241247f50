import type { KeyboardEvent } from "react";
import type { Fleet } from "../../live/fleet.ts";
import { useParts } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import type { Picking } from "./useRowPicking.ts";

interface RowKeys {
  readonly fleet: Fleet;
  readonly rows: Uint32Array;
  readonly current: number;
  readonly picking: Picking;
  readonly goTo: (position: number) => void;
}

const PAGE_ROWS = 20;

/** Arrow keys, Page, Home and End move the current row, with shift they select on the way; Space selects it, Ctrl+A all; Enter opens its machine page. */
export function useRowKeys({ fleet, rows, current, picking, goTo }: RowKeys): (event: KeyboardEvent) => void {
  const { navigation } = useParts();
  return (event) => {
    if (event.target !== event.currentTarget) return;
    const { key, shiftKey } = event;
    const isChosen = event.ctrlKey || event.metaKey;
    const position = positionAfter(key, current, rows.length);
    if (key === "Enter" && current !== -1) navigation.push(minerAddress(fleet.idOf(rows[current])));
    else if (key === " " && current !== -1) picking.pick(current, { add: !shiftKey, extend: shiftKey });
    else if (key.toLowerCase() === "a" && isChosen) picking.pickAll();
    else if (position !== null) {
      if (shiftKey && current !== -1) picking.pick(position, { add: false, extend: true });
      else picking.startAt(position);
      goTo(position);
    } else return;
    event.preventDefault();
  };
}

function positionAfter(key: string, current: number, count: number): number | null {
  const moves: Partial<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + PAGE_ROWS,
    PageUp: current - PAGE_ROWS,
    Home: 0,
    End: count - 1,
  };
  const position = moves[key];
  return position === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, position));
}
