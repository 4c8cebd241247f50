import type { ReactElement, ReactNode } from "react";
import { useAction } from "../views/useAction.ts";
import { Dialog } from "./Dialog.tsx";
import { Trouble } from "./Trouble.tsx";

interface ConfirmProps {
  readonly title: string;
  /** What the button says: the deed, not "OK". */
  readonly action: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
  /** What goes, and what stays. */
  readonly children: ReactNode;
}

/** Asks before something is done that cannot be undone. Stays open, with the reason, where it could not be done. */
export function ConfirmDialog({ title, action, onConfirm, onClose, children }: ConfirmProps): ReactElement {
  const { busy, error, run } = useAction();
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="soft confirm">{children}</div>
      {error !== null && <Trouble error={error} />}
      <div className="dialogend">
        <button type="button" className="btn" onClick={onClose} autoFocus>
          Cancel
        </button>
        <button type="button" className="btn primary" disabled={busy} onClick={() => run(onConfirm, onClose)}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
