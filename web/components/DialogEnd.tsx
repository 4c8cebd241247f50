import type { ReactElement } from "react";

interface DialogEndProps {
  /** What the form does, on its button. */
  readonly action: string;
  readonly disabled: boolean;
  readonly onCancel: () => void;
}

/** The end of a form in a dialog: leave it, or submit it. */
export function DialogEnd({ action, disabled, onCancel }: DialogEndProps): ReactElement {
  return (
    <div className="dialogend">
      <button type="button" className="btn" onClick={onCancel}>
        Cancel
      </button>
      <button className="btn primary" disabled={disabled}>
        {action}
      </button>
    </div>
  );
}
