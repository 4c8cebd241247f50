import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { NotificationSettings } from "../../../server/contract/channels.ts";
import { getNotificationSettings, replaceNotificationSettings } from "../../api/notifySettings.ts";
import { AreaField, Field } from "../../components/Field.tsx";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { formatClock } from "../../format/time.ts";
import { fieldProblems } from "../incidents/fieldProblems.ts";
import { useAction } from "../useAction.ts";
import { useLoad } from "../useLoad.ts";
import { HeartbeatState } from "./HeartbeatState.tsx";
import { notifyDraftOf, notifySettingsOf, targetProblem, type NotifyDraft } from "./notifyDraft.ts";

/** Where messages may go, and the heartbeat that tells the outside when Hashwatch itself has stopped. */
export function Notifications({ mayChange }: { mayChange: boolean }): ReactElement {
  const [savedCount, setSavedCount] = useState(0);
  return (
    <>
      <HeartbeatState key={savedCount} mayTest={mayChange} />
      {mayChange && <Targets onSaved={() => setSavedCount((count) => count + 1)} />}
    </>
  );
}

function Targets({ onSaved }: { onSaved: () => void }): ReactElement {
  const { data, error, reload, set } = useLoad("notification settings", getNotificationSettings);
  if (error !== null) return <Trouble error={error} retry={reload} />;
  if (data === null) return <Skeleton lines={6} />;
  const saved = (settings: NotificationSettings): void => {
    set(() => settings);
    onSaved();
  };
  return <TargetsForm stored={data} onSaved={saved} />;
}

interface FormProps {
  readonly stored: NotificationSettings;
  readonly onSaved: (settings: NotificationSettings) => void;
}

const SHOWN = ["allowedTargets", "heartbeat.url", "heartbeat.intervalMs", "heartbeat.allowPrivate"];
const NO_PROBLEMS = {};

function TargetsForm({ stored, onSaved }: FormProps): ReactElement {
  const [draft, setDraft] = useState(() => notifyDraftOf(stored));
  const [typedWrongly, setTypedWrongly] = useState<Readonly<Record<string, string>>>(NO_PROBLEMS);
  const [savedAtMs, setSavedAtMs] = useState<number | null>(null);
  const { busy, error, run } = useAction();
  const { problemOf, rest } = fieldProblems(error, typedWrongly, SHOWN);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(notifyDraftOf(stored));
  const change = (part: Partial<NotifyDraft>): void => {
    setDraft((held) => ({ ...held, ...part }));
    setSavedAtMs(null);
  };
  const save = async (settings: NotificationSettings): Promise<void> => {
    const taken = await replaceNotificationSettings(settings);
    setDraft(notifyDraftOf(taken));
    setSavedAtMs(Date.now());
    onSaved(taken);
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const { settings, problems } = notifySettingsOf(draft);
    setTypedWrongly(problems);
    if (settings !== null) run(() => save(settings));
  };
  return (
    <form className="panel form settingsform" aria-label="Heartbeat and targets" onSubmit={submit} noValidate>
      <HeartbeatFields draft={draft} problemOf={problemOf} onChange={change} />
      <TargetsField draft={draft} problemOf={(field) => targetProblem(error, draft) ?? problemOf(field)} onChange={change} />
      {rest !== null && <Trouble error={rest} />}
      <div className="saverow">
        <p role="status">
          {savedAtMs === null ? isChanged && <b>Not saved</b> : `Saved at ${formatClock(savedAtMs, savedAtMs)}. It holds from now on.`}
        </p>
        <button type="button" className="btn push" disabled={busy || !isChanged} onClick={() => change(notifyDraftOf(stored))}>
          Reset
        </button>
        <button className="btn primary" disabled={busy || !isChanged}>
          Save
        </button>
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly draft: NotifyDraft;
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (part: Partial<NotifyDraft>) => void;
}

function HeartbeatFields({ draft, problemOf, onChange }: FieldsProps): ReactElement {
  return (
    <>
      <Field
        label="Heartbeat goes to"
        type="url"
        value={draft.url}
        placeholder="https://…"
        onChange={(event) => onChange({ url: event.target.value })}
        problem={problemOf("heartbeat.url")}
        hint="An address outside that is asked for (GET) while polling, ingest, evaluation and delivery are all alive, and that tells you when it is not. Empty: no heartbeat."
        autoComplete="off"
        spellCheck={false}
      />
      <Field
        label="One ping every, seconds"
        className="short"
        inputMode="decimal"
        value={draft.intervalS}
        onChange={(event) => onChange({ intervalS: event.target.value })}
        problem={problemOf("heartbeat.intervalMs")}
        autoComplete="off"
      />
      <div className="field">
        <label className="tickline">
          <input type="checkbox" checked={draft.allowPrivate} onChange={(event) => onChange({ allowPrivate: event.target.checked })} />
          The heartbeat may go to loopback and private addresses
        </label>
        <p className="hint">
          Each channel has its own consent, in its form under <Link href="/incidents/channels">Channels</Link>.
        </p>
      </div>
    </>
  );
}

function TargetsField({ draft, problemOf, onChange }: FieldsProps): ReactElement {
  return (
    <AreaField
      label="Messages and pings may go to these hosts alone"
      rows={4}
      value={draft.targets}
      placeholder="any host"
      onChange={(event) => onChange({ targets: event.target.value })}
      problem={problemOf("allowedTargets")}
      hint="One a line: hooks.example.com, *.example.com or 192.0.2.1:8443. Empty: any host. Redirects are never followed."
      autoComplete="off"
      spellCheck={false}
    />
  );
}
