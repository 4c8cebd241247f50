import type { ReactElement } from "react";
import { importPlaces } from "../../api/racks.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useAction } from "../useAction.ts";
import { useLoad } from "../useLoad.ts";
import { ImportReport } from "./ImportReport.tsx";

interface ProposalProps {
  readonly siteId: string;
  readonly title: string;
  /** The places, as the import takes them. */
  readonly csv: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Shows what placing several miners at once would change, before it is done. */
export function ProposalDialog({ siteId, title, csv, onDone, onClose }: ProposalProps): ReactElement {
  const trial = useLoad(`${siteId} ${csv}`, () => importPlaces({ siteId, csv, isTrial: true }));
  const { busy, error, run } = useAction();
  const isApplicable = trial.data !== null && trial.data.errors.length === 0 && trial.data.changes.length > 0;
  const problem = error ?? trial.error;
  return (
    <Dialog title={title} onClose={onClose} wide>
      {problem !== null && <Trouble error={problem} />}
      {trial.data === null ? problem === null && <Skeleton lines={3} /> : <ImportReport report={trial.data} />}
      <div className="dialogend">
        <button type="button" className="btn" onClick={onClose} autoFocus>
          Cancel
        </button>
        <button
          type="button"
          className="btn primary"
          disabled={busy || !isApplicable}
          onClick={() => run(() => importPlaces({ siteId, csv, isTrial: false }), onDone)}
        >
          Apply
        </button>
      </div>
    </Dialog>
  );
}
