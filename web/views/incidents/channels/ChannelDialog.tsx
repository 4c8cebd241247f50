import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { Channel } from "../../../../server/contract/channels.ts";
import { changeChannel, createChannel } from "../../../api/channels.ts";
import { Dialog } from "../../../components/Dialog.tsx";
import { DialogEnd } from "../../../components/DialogEnd.tsx";
import { Field, SelectField } from "../../../components/Field.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { useAction } from "../../useAction.ts";
import { fieldProblems } from "../fieldProblems.ts";
import {
  channelBodyOf,
  channelDraftOf,
  KIND_LABELS,
  SECURITY_LABELS,
  TARGET_FIELDS,
  TARGET_KINDS,
  type ChannelDraft,
  type TargetField,
} from "./channelDraft.ts";
import { TemplateFields } from "./TemplateFields.tsx";

interface DialogProps {
  /** null: a new one. */
  readonly channel: Channel | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const SHOWN = ["name", "allowPrivate", "budgetPerHour", "timeZone"];
const NO_PROBLEMS = {};

/** A channel as a form. Secrets are shown masked, and stay where they are not typed anew. */
export function ChannelDialog({ channel, onSaved, onClose }: DialogProps): ReactElement {
  const [draft, setDraft] = useState(() => channelDraftOf(channel));
  const { busy, error, run } = useAction();
  const fields = TARGET_FIELDS[draft.kind].map(({ key }) => `target.${key}`);
  const { problemOf, rest } = fieldProblems(error, NO_PROBLEMS, [...SHOWN, ...fields, "templates"]);
  const change = (part: Partial<ChannelDraft>): void => setDraft((held) => ({ ...held, ...part }));
  const save = async (): Promise<void> => {
    const body = channelBodyOf(draft, channel);
    await (channel === null ? createChannel(body) : changeChannel(channel.id, body));
    onSaved();
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    run(save, onClose);
  };
  return (
    <Dialog title={channel === null ? "Add a channel" : `Change “${channel.name}”`} onClose={onClose} wide>
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
          onChange={(event) => change({ kind: TARGET_KINDS.find((kind) => kind === event.target.value) ?? draft.kind })}
        >
          {TARGET_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {KIND_LABELS[kind]}
            </option>
          ))}
        </SelectField>
        <FarEnd draft={draft} problemOf={problemOf} onChange={change} />
        <div className="fieldrow">
          <Field
            label="Messages an hour, at most"
            inputMode="numeric"
            value={draft.budget}
            onChange={(event) => change({ budget: event.target.value })}
            problem={problemOf("budgetPerHour")}
            hint="What exceeds it is told in one summary."
          />
          <Field
            label="Time zone of its texts"
            value={draft.timeZone}
            onChange={(event) => change({ timeZone: event.target.value })}
            problem={problemOf("timeZone")}
            autoComplete="off"
          />
        </div>
        <AllowPrivate draft={draft} problem={problemOf("allowPrivate")} onChange={change} />
        <TemplateFields
          templates={draft.templates}
          timeZone={draft.timeZone}
          problemOf={problemOf}
          onChange={(templates) => change({ templates })}
        />
        {rest !== null && <Trouble error={rest} />}
        <DialogEnd action={channel === null ? "Add" : "Save"} disabled={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

interface FarEndProps {
  readonly draft: ChannelDraft;
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (part: Partial<ChannelDraft>) => void;
}

function FarEnd({ draft, problemOf, onChange }: FarEndProps): ReactElement {
  const { kind, values } = draft;
  const set = (key: string, value: string): void => onChange({ values: { ...values, [key]: value } });
  return (
    <div className="fieldrow">
      {TARGET_FIELDS[kind].map((field) => (
        <TargetInput
          key={`${kind} ${field.key}`}
          field={field}
          value={values[field.key] ?? ""}
          problem={problemOf(`target.${field.key}`)}
          onChange={(value) => set(field.key, value)}
        />
      ))}
      {kind === "email" && (
        <SelectField label="Security" value={values["security"]} onChange={(event) => set("security", event.target.value)}>
          {Object.entries(SECURITY_LABELS).map(([security, label]) => (
            <option key={security} value={security}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
    </div>
  );
}

interface InputProps {
  readonly field: TargetField;
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (value: string) => void;
}

function TargetInput({ field: { label, isSecret = false, hint }, value, problem, onChange }: InputProps): ReactElement {
  return (
    <Field
      label={label}
      type={isSecret ? "password" : "text"}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onFocus={(event) => isSecret && event.target.select()}
      problem={problem}
      hint={hint}
      autoComplete={isSecret ? "new-password" : "off"}
      spellCheck={false}
    />
  );
}

function AllowPrivate({ draft, problem, onChange }: Pick<FarEndProps, "draft" | "onChange"> & { problem: string | null }): ReactElement {
  return (
    <div className="field">
      <label className="tickline">
        <input type="checkbox" checked={draft.allowPrivate} onChange={(event) => onChange({ allowPrivate: event.target.checked })} />
        May reach loopback and private addresses
      </label>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
