import { useDeferredValue, type ReactElement, type ReactNode } from "react";
import { hashrateFigure } from "../format/hashrate.ts";
import { formatNumber, textOf } from "../format/number.ts";
import { lostHashrateOf } from "../live/derived.ts";
import { writeSelection } from "../live/selectionText.ts";
import { useFleet, useParts, useSelectedIds } from "./context.ts";
import { NEEDS_ATTENTION } from "./miners/minersQuery.ts";
import "./selectionBar.css";

interface BarProps {
  /** What is to be said or done beyond that, before the way out. */
  readonly children: ReactNode;
  /** Called after the selection was let go here, as the bar is gone then. */
  readonly onCleared?: () => void;
}

/** How many are selected and what they lose; table and map share the selection. Not there while nothing is selected. */
export function SelectionBar({ children, onCleared }: BarProps): ReactElement | null {
  const { selection } = useParts();
  const ids = useSelectedIds();
  const lookedAt = useDeferredValue(ids); // a look at each of 10,000 takes longer than to show that they are selected
  if (ids.size === 0) return null;
  const clear = (): void => {
    selection.clear();
    onCleared?.();
  };
  return (
    <div className="selbar" role="region" aria-label="Selection">
      <b role="status">{formatNumber(ids.size)} selected</b>
      {lookedAt.size > 0 && <Told ids={lookedAt} />}
      {children}
      <button type="button" className="btn quiet" onClick={clear}>
        Clear <kbd className="desk">Esc</kbd>
      </button>
    </div>
  );
}

function Told({ ids }: { ids: ReadonlySet<string> }): ReactElement {
  const fleet = useFleet();
  let faults = 0;
  let lostHs = 0;
  for (const id of ids) {
    const row = fleet.rowOf(id);
    if (row === -1) continue;
    if (NEEDS_ATTENTION.includes(fleet.statusOf(row).status)) faults += 1;
    lostHs += lostHashrateOf(fleet, row) || 0; // NaN where it is not known
  }
  return (
    <>
      <span className="muted desk">
        {formatNumber(faults)} with a fault, {textOf(hashrateFigure(lostHs))} lost
      </span>
      {writeSelection(ids) === null && <span className="muted">too many and too scattered to be in a copied link</span>}
    </>
  );
}
