import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { AlertRule, AlertRuleBody } from "../../../../server/contract/incidents.ts";
import { changeAlertRule, createAlertRule, previewAlertRule } from "../../../api/alertRules.ts";
import { Dialog } from "../../../components/Dialog.tsx";
import { Field, SelectField } from "../../../components/Field.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { SEVERITY_LABELS, WORST_FIRST } from "../../../format/severity.ts";
import { useAction } from "../../useAction.ts";
import { fieldProblems } from "../fieldProblems.ts";
import { CONDITION_KINDS, CONDITION_LABELS, SCOPE_FIELDS, scopeFieldsOf } from "./conditions.ts";
import { LimitFields } from "./LimitFields.tsx";
import { bodyOf, draftOf, type Problems, type RuleDraft } from "./ruleDraft.ts";
import { PreviewResult, type Previewed } from "./PreviewResult.tsx";
import { ScopeFields } from "./ScopeFields.tsx";

interface DialogProps {
  /** null: a new one. */
  readonly rule: AlertRule | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const NO_PROBLEMS: Problems = {};
const SHOWN = ["name", "condition", "holdMs", ...SCOPE_FIELDS.map((field) => `scope.${field}`)];

/** A rule as a form, with a look at whom it would touch before it is kept. */
export function RuleDialog({ rule, onSaved, onClose }: DialogProps): ReactElement {
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [typedWrongly, setTypedWrongly] = useState(NO_PROBLEMS);
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const { busy, error, run } = useAction();
  const { problemOf, rest } = fieldProblems(error, typedWrongly, SHOWN);
  const change = (part: Partial<RuleDraft>): void => setDraft((held) => ({ ...held, ...part }));
  const withBody = (typed: RuleDraft, then: (body: AlertRuleBody) => void): void => {
    const { body, problems } = bodyOf(typed);
    setTypedWrongly(problems);
    if (body !== null) then(body);
  };
  const save = async (body: AlertRuleBody): Promise<void> => {
    await (rule === null ? createAlertRule(body) : changeAlertRule(rule.id, body));
    onSaved();
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    withBody(draft, (body) => run(() => save(body), onClose));
  };
  // A name is not needed for a look.
  const preview = (): void =>
    withBody({ ...draft, name: draft.name.trim() || "New rule" }, (body) =>
      run(async () => setPreviewed({ draft, result: await previewAlertRule(body) })),
    );
  return (
    <Dialog title={rule === null ? "Add a rule" : `Change “${rule.name}”`} onClose={onClose} wide>
      <form className="form ruleform" onSubmit={submit} noValidate>
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
          label="Looks at"
          value={draft.kind}
          disabled={rule?.builtIn === true}
          hint={rule?.builtIn === true ? "A built-in rule keeps what it looks at." : undefined}
          problem={problemOf("condition.kind")}
          onChange={(event) => change({ kind: CONDITION_KINDS.find((kind) => kind === event.target.value) ?? draft.kind })}
        >
          {CONDITION_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {CONDITION_LABELS[kind]}
            </option>
          ))}
        </SelectField>
        <LimitFields draft={draft} problemOf={problemOf} onChange={change} />
        <div className="fieldrow">
          <Field
            label="Must hold for, seconds"
            inputMode="decimal"
            value={draft.holdS}
            onChange={(event) => change({ holdS: event.target.value })}
            problem={problemOf("holdMs")}
          />
          <SelectField
            label="Severity"
            value={draft.severity}
            onChange={(event) => change({ severity: WORST_FIRST.find((each) => each === event.target.value) ?? draft.severity })}
          >
            {WORST_FIRST.map((severity) => (
              <option key={severity} value={severity}>
                {SEVERITY_LABELS[severity]}
              </option>
            ))}
          </SelectField>
        </div>
        <ScopeFields scope={draft.scope} fields={scopeFieldsOf(draft.kind)} problemOf={problemOf} onChange={(scope) => change({ scope })} />
        {rest !== null && <Trouble error={rest} />}
        {previewed !== null && <PreviewResult previewed={previewed} isCurrent={previewed.draft === draft} />}
        <div className="dialogend">
          <button type="button" className="btn" disabled={busy} onClick={preview}>
            Preview
          </button>
          <button type="button" className="btn push" onClick={onClose}>
            Cancel
          </button>
          <button className="btn primary" disabled={busy}>
            {rule === null ? "Add" : "Save"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
