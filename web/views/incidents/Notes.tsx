import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { Incident } from "../../../server/contract/incidents.ts";
import { addNote } from "../../api/incidents.ts";
import { AreaField } from "../../components/Field.tsx";
import { plainLines, plainText } from "../../format/plainText.ts";
import { useMayOperate } from "../context.ts";
import { useAction } from "../useAction.ts";
import { Clock } from "./cells.tsx";

interface NotesProps {
  readonly incident: Incident;
  /** No news come of a note on an incident that is closed. */
  readonly onNoted: () => void;
}

/** What people wrote about an incident; also afterwards. */
export function Notes({ incident, onNoted }: NotesProps): ReactElement {
  const mayOperate = useMayOperate();
  return (
    <section className="panel incidentnotes" aria-label="Notes">
      <header>
        <h2>Notes</h2>
      </header>
      {incident.notes.length === 0 && <p className="soft">None yet.</p>}
      <ol>
        {incident.notes.map(({ atMs, by, text }) => (
          <li key={`${atMs} ${by} ${text}`}>
            <p className="micro muted">
              {plainText(by)}, <Clock atMs={atMs} />
            </p>
            <p className="notetext">{plainLines(text)}</p>
          </li>
        ))}
      </ol>
      {mayOperate && <NoteForm incidentId={incident.id} onNoted={onNoted} />}
    </section>
  );
}

function NoteForm({ incidentId, onNoted }: { incidentId: string; onNoted: () => void }): ReactElement {
  const [text, setText] = useState("");
  const { busy, error, run } = useAction();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    run(
      () => addNote(incidentId, text.trim()),
      () => {
        setText("");
        onNoted();
      },
    );
  };
  return (
    <form className="form" onSubmit={submit}>
      <AreaField
        label="Add a note"
        rows={2}
        value={text}
        maxLength={4000}
        onChange={(event) => setText(event.target.value)}
        problem={error?.message ?? null}
      />
      <button className="btn" disabled={busy || text.trim() === ""}>
        Add
      </button>
    </form>
  );
}
