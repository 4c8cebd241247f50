import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { Silence } from "../../../../server/contract/incidents.ts";
import { changeSilence, createSilence } from "../../../api/silences.ts";
import { Dialog } from "../../../components/Dialog.tsx";
import { DialogEnd } from "../../../components/DialogEnd.tsx";
import { AreaField, Field, SelectField } from "../../../components/Field.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { useParts } from "../../context.ts";
import { useAction } from "../../useAction.ts";
import { InstantField } from "../InstantField.tsx";
import { fieldProblems } from "../fieldProblems.ts";
import { ScopeFields } from "../rules/ScopeFields.tsx";
import { silenceBodyOf, silenceDraftOf, type SilenceDraft } from "./silenceDraft.ts";

interface DialogProps {
  /** null: a new one. */
  readonly silence: Silence | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const FIELDS = ["siteIds", "rackIds", "tags"] as const;
const SHOWN = ["name", "when", "note", ...FIELDS.map((field) => `scope.${field}`)];
const NO_PROBLEMS: Readonly<Record<string, string>> = {};

/** A silence or a maintenance window as a form. */
export function SilenceDialog({ silence, onSaved, onClose }: DialogProps): ReactElement {
  const { seconds } = useParts();
  const [draft, setDraft] = useState(() => silenceDraftOf(silence, seconds.nowMs()));
  const [typedWrongly, setTypedWrongly] = useState(NO_PROBLEMS);
  const { busy, error, run } = useAction();
  const { problemOf, rest } = fieldProblems(error, typedWrongly, SHOWN);
  const change = (part: Partial<SilenceDraft>): void => setDraft((held) => ({ ...held, ...part }));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const { body, problems } = silenceBodyOf(draft);
    setTypedWrongly(problems);
    if (body === null) return;
    const save = async (): Promise<void> => {
      await (silence === null ? createSilence(body) : changeSilence(silence.id, body));
      onSaved();
    };
    run(save, onClose);
  };
  return (
    <Dialog title={silence === null ? "Add a window" : `Change “${silence.name}”`} onClose={onClose} wide>
      <form className="form" onSubmit={submit} noValidate>
        <Field
          label="Name"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          problem={problemOf("name")}
          maxLength={100}
          autoFocus
          autoComplete="off"
        />
        <SelectField
          label="Kind"
          value={draft.kind}
          onChange={(event) => change({ kind: event.target.value === "silence" ? "silence" : "maintenance" })}
        >
          <option value="maintenance">Maintenance: nobody is told, and the machines are shown as paused</option>
          <option value="silence">Silence: nobody is told</option>
        </SelectField>
        <WhenFields draft={draft} problemOf={problemOf} onChange={change} />
        <ScopeFields scope={draft.scope} fields={FIELDS} problemOf={problemOf} onChange={(scope) => change({ scope })} />
        <AreaField
          label="Note"
          rows={2}
          value={draft.note}
          maxLength={2000}
          onChange={(event) => change({ note: event.target.value })}
          problem={problemOf("note")}
        />
        {rest !== null && <Trouble error={rest} />}
        <DialogEnd action={silence === null ? "Add" : "Save"} disabled={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

interface WhenProps {
  readonly draft: SilenceDraft;
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (part: Partial<SilenceDraft>) => void;
}

/** Once, in the reader's time, or again and again by cron expression, in the server's. */
function WhenFields({ draft, problemOf, onChange }: WhenProps): ReactElement {
  return (
    <>
      <SelectField
        label="When"
        value={draft.isCron ? "cron" : "once"}
        onChange={(event) => onChange({ isCron: event.target.value === "cron" })}
      >
        <option value="once">Once</option>
        <option value="cron">Again and again</option>
      </SelectField>
      <div className="fieldrow">
        {draft.isCron ? (
          <>
            <Field
              label="Begins, as a cron expression"
              value={draft.cron}
              onChange={(event) => onChange({ cron: event.target.value })}
              problem={problemOf("when.cron")}
              hint="Minute, hour, day of month, month, day of week, in the server's time: 0 2 * * 0 is Sundays at 02:00."
              autoComplete="off"
              spellCheck={false}
            />
            <Field
              label="Lasts, minutes"
              inputMode="decimal"
              value={draft.minutes}
              onChange={(event) => onChange({ minutes: event.target.value })}
              problem={problemOf("when.durationMs")}
            />
          </>
        ) : (
          <>
            <InstantField label="From" value={draft.from} problem={problemOf("when.fromMs")} onChange={(from) => onChange({ from })} />
            <InstantField label="To" value={draft.to} problem={problemOf("when.toMs")} onChange={(to) => onChange({ to })} />
          </>
        )}
      </div>
    </>
  );
}
