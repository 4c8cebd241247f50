import { use, useState, type ReactElement, type SyntheticEvent } from "react";
import type { Incident, IncidentRow } from "../../../server/contract/incidents.ts";
import { acknowledgeIncident, assignIncident, resolveIncident, snoozeIncident } from "../../api/incidents.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Field } from "../../components/Field.tsx";
import { closePopover, focusFirst, Popover } from "../../components/Popover.tsx";
import { countOf } from "../../format/number.ts";
import { SessionContext } from "../context.ts";
import type { Action } from "../useAction.ts";
import { SnoozePanel } from "./SnoozePanel.tsx";

interface ActionsProps {
  readonly incident: Incident;
  readonly action: Action;
  readonly onAnswer: (row: IncidentRow) => void;
}

/** What somebody can do about an incident that is not closed. */
export function IncidentActions({ incident, action: { busy, run }, onAnswer }: ActionsProps): ReactElement {
  const [isAsking, setAsking] = useState(false);
  const { id, state, assignee, snoozedUntilMs } = incident;
  const act = (deed: () => Promise<IncidentRow>): void => run(async () => onAnswer(await deed()));
  return (
    <div className="incidentactions">
      <Popover button="Assign" label="Assign" className="btn" align="end">
        <AssignPanel assignee={assignee} onAssign={(name) => act(() => assignIncident(id, name))} />
      </Popover>
      <Popover button="Snooze" label="Snooze" className="btn" align="end">
        <SnoozePanel snoozedUntilMs={snoozedUntilMs} onSnooze={(untilMs) => act(() => snoozeIncident(id, untilMs))} />
      </Popover>
      <button type="button" className="btn" onClick={() => setAsking(true)}>
        Resolve
      </button>
      {state === "open" && (
        <button type="button" className="btn primary" disabled={busy} onClick={() => act(() => acknowledgeIncident(id))}>
          Acknowledge
        </button>
      )}
      {isAsking && (
        <ConfirmDialog
          title="Resolve this incident?"
          action="Resolve it"
          onConfirm={async () => onAnswer(await resolveIncident(id))}
          onClose={() => setAsking(false)}
        >
          <p>{resolvingText(incident)}</p>
          <p>An incident that is closed cannot be opened again; notes can still be added.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function resolvingText({ firingCount }: Incident): string {
  if (firingCount === 0) return "None of its members fires any more. It is closed now rather than in a moment by itself.";
  return `It is closed although ${countOf(firingCount, "member")} still ${firingCount === 1 ? "fires" : "fire"}. Of these nobody is told again until they have recovered and fire anew.`;
}

function AssignPanel({ assignee, onAssign }: { assignee: string | null; onAssign: (name: string | null) => void }): ReactElement {
  const own = use(SessionContext)?.user?.username ?? null;
  const [name, setName] = useState("");
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    closePopover(event.currentTarget);
    onAssign(name.trim());
  };
  return (
    <>
      {own !== null && own !== assignee && (
        <button type="button" className="option" data-closes onClick={() => onAssign(own)}>
          Me, {own}
        </button>
      )}
      {assignee !== null && (
        <button type="button" className="option" data-closes onClick={() => onAssign(null)}>
          Nobody, instead of {assignee}
        </button>
      )}
      <form className="form popoverform" onSubmit={submit}>
        <Field
          ref={focusFirst}
          label="Who looks after it"
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={100}
          required
          autoComplete="off"
        />
        <button className="btn primary" disabled={name.trim() === ""}>
          Assign
        </button>
      </form>
    </>
  );
}
