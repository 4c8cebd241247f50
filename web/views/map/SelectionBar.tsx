import { useSyncExternalStore, type ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { formatNumber, textOf } from "../../format/number.ts";
import { lostHashrateOf } from "../../live/derived.ts";
import { useParts, useSelectedIds } from "../context.ts";
import { minersAddress, NEEDS_ATTENTION } from "../miners/minersQuery.ts";
import type { MapModel } from "./mapModel.ts";

/** How many are selected and what they lose; the table shows the same selection. Not there while nothing is selected. */
export function SelectionBar({ model }: { model: MapModel | null }): ReactElement | null {
  const { selection } = useParts();
  const ids = useSelectedIds();
  if (ids.size === 0) return null;
  return (
    <div className="selbar" role="region" aria-label="Selection">
      <b>{formatNumber(ids.size)} selected</b>
      {model !== null && <Cost model={model} ids={ids} />}
      <Link className="btn" href={minersAddress()}>
        As table
      </Link>
      <button type="button" className="btn quiet" onClick={() => selection.clear()}>
        Clear <kbd className="desk">Esc</kbd>
      </button>
    </div>
  );
}

function Cost({ model, ids }: { model: MapModel; ids: ReadonlySet<string> }): ReactElement {
  const { fleet } = useParts();
  useSyncExternalStore(model.subscribe, () => model.picture);
  const rows = Array.from(ids, (id) => fleet.rowOf(id)).filter((row) => row !== -1);
  const faults = rows.filter((row) => NEEDS_ATTENTION.includes(fleet.statusOf(row).status)).length;
  const lostHs = rows.map((row) => lostHashrateOf(fleet, row)).reduce((sum, lost) => sum + (Number.isNaN(lost) ? 0 : lost), 0);
  return (
    <span className="muted">
      {formatNumber(faults)} with a fault, {textOf(hashrateFigure(lostHs))} lost
    </span>
  );
}
