import type { ReactElement } from "react";

/** An error where it arose: what happened, and a way to try again. */
export function Trouble({ error, retry }: { error: Error; retry?: () => void }): ReactElement {
  return (
    <div className="trouble" role="alert">
      <span>{error.message}</span>
      {retry !== undefined && (
        <button type="button" className="btn" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
