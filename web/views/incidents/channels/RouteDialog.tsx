import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { Channel, NotificationRoute, RouteBody } from "../../../../server/contract/channels.ts";
import type { ScopeKind, Severity } from "../../../../server/contract/incidents.ts";
import { changeRoute, createRoute } from "../../../api/channels.ts";
import { Dialog } from "../../../components/Dialog.tsx";
import { DialogEnd } from "../../../components/DialogEnd.tsx";
import { Field } from "../../../components/Field.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { SEVERITY_LABELS, WORST_FIRST } from "../../../format/severity.ts";
import { useSites } from "../../context.ts";
import { useAction } from "../../useAction.ts";
import { fieldProblems } from "../fieldProblems.ts";
import { SCOPE_LABELS, SCOPES } from "../incidentsQuery.ts";
import { PickMany } from "../rules/PickMany.tsx";
import { DayWindows } from "./DayWindows.tsx";
import { Escalation } from "./Escalation.tsx";
import { useNodeChoices } from "./useNodeChoices.ts";
import { routeBodyOf, routeDraftOf } from "./routeDraft.ts";

interface DialogProps {
  /** null: a new one. */
  readonly route: NotificationRoute | null;
  readonly channels: readonly Channel[];
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const SHOWN = ["name", "channelIds", "severities", "scopeKinds", "siteIds", "scopeIds", "timeZone", "hours", "quietHours", "escalation"];
const NO_PROBLEMS: Readonly<Record<string, string>> = {};
const SEVERITY_CHOICES = WORST_FIRST.map((id) => ({ id, name: SEVERITY_LABELS[id] }));
const SCOPE_CHOICES = SCOPES.map((id) => ({ id, name: SCOPE_LABELS[id] }));

/** Which incidents go to which channels, and when, as a form. */
export function RouteDialog({ route, channels, onSaved, onClose }: DialogProps): ReactElement {
  const [draft, setDraft] = useState(() => routeDraftOf(route));
  const { busy, error, run } = useAction();
  const [typedWrongly, setTypedWrongly] = useState(NO_PROBLEMS);
  const { problemOf, rest } = fieldProblems(error, typedWrongly, SHOWN);
  const change = (part: Partial<RouteBody>): void => setDraft((held) => ({ ...held, ...part }));
  const save = async (body: RouteBody): Promise<void> => {
    await (route === null ? createRoute(body) : changeRoute(route.id, body));
    onSaved();
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const { body, problems } = routeBodyOf(draft);
    setTypedWrongly(problems);
    if (Object.keys(problems).length === 0) run(() => save(body), onClose);
  };
  return (
    <Dialog title={route === null ? "Add a route" : `Change “${route.name}”`} onClose={onClose} wide>
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
        <PickMany
          label="Tells"
          choices={channels}
          picked={draft.channelIds}
          nothing="nobody yet"
          problem={problemOf("channelIds")}
          onChange={(channelIds) => change({ channelIds })}
        />
        <Matches draft={draft} problemOf={problemOf} onChange={change} />
        <Hours draft={draft} problemOf={problemOf} onChange={change} />
        <Escalation
          steps={draft.escalation}
          channels={channels}
          problem={problemOf("escalation")}
          onChange={(escalation) => change({ escalation })}
        />
        {rest !== null && <Trouble error={rest} />}
        <DialogEnd action={route === null ? "Add" : "Save"} disabled={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

interface PartProps {
  readonly draft: RouteBody;
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (part: Partial<RouteBody>) => void;
}

function Matches({ draft, problemOf, onChange }: PartProps): ReactElement {
  const sites = useSites();
  const { choices, nameOf } = useNodeChoices();
  return (
    <fieldset className="scopefields">
      <legend>Of which incidents; nothing picked means of every one</legend>
      <PickMany
        label="Severities"
        choices={SEVERITY_CHOICES}
        picked={draft.severities}
        problem={problemOf("severities")}
        onChange={(picked) => onChange({ severities: picked as Severity[] })}
      />
      <PickMany
        label="Scopes"
        choices={SCOPE_CHOICES}
        picked={draft.scopeKinds}
        problem={problemOf("scopeKinds")}
        onChange={(picked) => onChange({ scopeKinds: picked as ScopeKind[] })}
      />
      <PickMany
        label="Sites"
        choices={sites.items ?? []}
        picked={draft.siteIds}
        problem={problemOf("siteIds")}
        onChange={(siteIds) => onChange({ siteIds })}
      />
      <PickMany
        label="At or within"
        choices={choices}
        picked={draft.scopeIds}
        nameOf={nameOf}
        problem={problemOf("scopeIds")}
        onChange={(scopeIds) => onChange({ scopeIds })}
      />
    </fieldset>
  );
}

function Hours({ draft, problemOf, onChange }: PartProps): ReactElement {
  return (
    <>
      <DayWindows
        legend="When it holds; no hours mean always"
        name="hours"
        windows={draft.hours}
        problemOf={(field) => problemOf(`hours${field}`)}
        onChange={(hours) => onChange({ hours })}
      />
      <DayWindows
        legend="Quiet hours: what opens in them is told when they end, if it still stands"
        name="quiet hours"
        windows={draft.quietHours}
        problemOf={(field) => problemOf(`quietHours${field}`)}
        onChange={(quietHours) => onChange({ quietHours })}
      />
      <Field
        label="Time zone of the hours"
        value={draft.timeZone}
        onChange={(event) => onChange({ timeZone: event.target.value })}
        problem={problemOf("timeZone")}
        autoComplete="off"
      />
    </>
  );
}
