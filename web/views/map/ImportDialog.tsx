import { useState, type ReactElement } from "react";
import type { RackImport } from "../../../server/contract/api.ts";
import { importPlaces } from "../../api/racks.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useAction } from "../useAction.ts";
import { ImportReport } from "./ImportReport.tsx";

interface ImportProps {
  readonly siteId: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Checks a file of places without changing anything, says what it would do, and does it when told so. */
export function ImportDialog({ siteId, onDone, onClose }: ImportProps): ReactElement {
  const [text, setText] = useState("");
  const [report, setReport] = useState<RackImport | null>(null);
  const { busy, error, run } = useAction();
  const check = (): void => run(async () => setReport(await importPlaces({ siteId, csv: text, isTrial: true })));
  const apply = (): void => run(() => importPlaces({ siteId, csv: text, isTrial: false }), onDone);
  const change = (changed: string): void => {
    setText(changed);
    setReport(null);
  };
  const isApplicable = report !== null && report.errors.length === 0 && report.changes.length > 0;
  return (
    <Dialog title="Import places" onClose={onClose} wide>
      <label className="field">
        <span className="micro muted">A CSV file, or its text below</span>
        <input
          type="file"
          accept=".csv,text/csv,text/plain"
          onChange={(event) => {
            void event.target.files?.item(0)?.text().then(change);
          }}
        />
      </label>
      <label className="field">
        <span className="micro muted">Columns address or name, rack, slot; an empty rack takes a miner out</span>
        <textarea className="input id csvtext" rows={6} value={text} spellCheck={false} onChange={(event) => change(event.target.value)} />
      </label>
      {error !== null && <Trouble error={error} />}
      {report !== null && <ImportReport report={report} />}
      <div className="dialogend">
        <button type="button" className="btn" onClick={onClose}>
          Cancel
        </button>
        {isApplicable ? (
          <button type="button" className="btn primary" disabled={busy} onClick={apply}>
            Apply
          </button>
        ) : (
          <button type="button" className="btn primary" disabled={busy || text.trim() === ""} onClick={check}>
            Check
          </button>
        )}
      </div>
    </Dialog>
  );
}
