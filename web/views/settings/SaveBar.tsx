import type { ReactElement } from "react";
import { TimeText } from "../../components/TimeText.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { formatClock } from "../../format/time.ts";
import { PARTS } from "./parts.ts";
import type { SettingsForm } from "./useSettings.ts";

/** What is not saved yet and what stands in the way; after saving, that it was. */
export function SaveBar({ form }: { form: SettingsForm }): ReactElement | null {
  const { changed, problems, error, busy, savedAtMs, reset, save } = form;
  if (changed.length === 0 && savedAtMs === null) return null;
  const names = changed.map((part) => PARTS.find((each) => each.part === part)?.label ?? part);
  return (
    <div className="savebar" role="group" aria-label="Unsaved changes">
      {problems.size > 0 && (
        <div className="trouble" role="alert">
          <ul>
            {[...problems].map(([field, problem]) => (
              <li key={field}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
      {error !== null && <Trouble error={error} />}
      <div className="saverow">
        <p role="status">
          {changed.length > 0 ? (
            <>
              <b>Not saved:</b> {names.join(", ")}
            </>
          ) : (
            <>
              Saved at <TimeText atMs={savedAtMs ?? 0}>{formatClock(savedAtMs, savedAtMs ?? 0)}</TimeText>. It holds from now on.
            </>
          )}
        </p>
        {changed.length > 0 && (
          <>
            <button type="button" className="btn push" disabled={busy} onClick={reset}>
              Reset
            </button>
            <button type="button" className="btn primary" disabled={busy} onClick={save}>
              Save
            </button>
          </>
        )}
      </div>
    </div>
  );
}
