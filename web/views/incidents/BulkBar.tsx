import { useState, type ReactElement } from "react";
import { acknowledgeIncidents } from "../../api/incidents.ts";
import { Trouble } from "../../components/Trouble.tsx";
import { countOf, formatNumber } from "../../format/number.ts";
import { useIncidents } from "../context.ts";
import { useAction } from "../useAction.ts";
import "../selectionBar.css";

/** What can be done to the incidents that are picked. Says how many were acknowledged, and how many somebody else was quicker with. */
export function BulkBar({ picked, onDone }: { picked: ReadonlySet<string>; onDone: () => void }): ReactElement {
  const { rows } = useIncidents();
  const { busy, error, run } = useAction();
  const [done, setDone] = useState("");
  const open = [...picked].filter((id) => rows?.get(id)?.row.state === "open");
  const acknowledge = async (): Promise<void> => {
    const { acknowledgedIds, skippedIds } = await acknowledgeIncidents([...picked]);
    const skipped = skippedIds.length === 0 ? "" : `; ${formatNumber(skippedIds.length)} were not open any more`;
    setDone(`${countOf(acknowledgedIds.length, "incident")} acknowledged${skipped}.`);
  };
  return (
    <>
      <p className="unseen" role="status" aria-label="What was done">
        {done}
      </p>
      {picked.size > 0 && (
        <div className="selbar" role="region" aria-label="Picked incidents">
          <b role="status">{formatNumber(picked.size)} picked</b>
          {error !== null && <Trouble error={error} />}
          <button type="button" className="btn primary" disabled={busy || open.length === 0} onClick={() => run(acknowledge, onDone)}>
            Acknowledge {open.length === picked.size ? "" : formatNumber(open.length)}
          </button>
          <button type="button" className="btn quiet" onClick={onDone}>
            Clear
          </button>
        </div>
      )}
    </>
  );
}
