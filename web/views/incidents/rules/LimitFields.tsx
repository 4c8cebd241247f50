import type { ReactElement } from "react";
import { AreaField, Field } from "../../../components/Field.tsx";
import { isBelow, isTemperature, isThreshold, unitOf, type ThresholdKind } from "./conditions.ts";
import type { RuleDraft } from "./ruleDraft.ts";

interface LimitProps {
  readonly draft: RuleDraft;
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (part: Partial<RuleDraft>) => void;
}

/** When the condition begins and ends, or which pools are allowed; nothing where it either holds or does not. */
export function LimitFields(props: LimitProps): ReactElement | null {
  const { kind } = props.draft;
  if (kind === "poolOutside") return <PoolFields {...props} />;
  return isThreshold(kind) ? <Limits {...props} kind={kind} /> : null;
}

function Limits({ draft, kind, problemOf, onChange }: LimitProps & { kind: ThresholdKind }): ReactElement {
  const unit = unitOf(kind) === "" ? "" : `, ${unitOf(kind)}`;
  return (
    <div className="fieldrow">
      <Field
        label={`Begins ${isBelow(kind) ? "below" : "from"}${unit}`}
        inputMode="decimal"
        placeholder="as in the settings, or as usual"
        value={draft.enter}
        onChange={(event) => onChange({ enter: event.target.value })}
        problem={problemOf("condition.enter")}
      />
      <Field
        label={`Ends ${isBelow(kind) ? "from" : "below"}${unit}`}
        inputMode="decimal"
        placeholder="a usual distance away"
        value={draft.leave}
        onChange={(event) => onChange({ leave: event.target.value })}
        problem={problemOf("condition.leave")}
      />
      {isTemperature(kind) && draft.enter.trim() === "" && (
        <Field
          label={`Over the limit of the settings by${unit}`}
          inputMode="decimal"
          placeholder="0"
          value={draft.offset}
          onChange={(event) => onChange({ offset: event.target.value })}
          problem={problemOf("condition.offset")}
        />
      )}
    </div>
  );
}

function PoolFields({ draft, problemOf, onChange }: LimitProps): ReactElement {
  return (
    <div className="fieldrow">
      <AreaField
        label="Allowed pools, one on each line"
        hint="* stands for any text. Empty: those of the site's first day."
        rows={3}
        value={draft.pools}
        onChange={(event) => onChange({ pools: event.target.value })}
        problem={problemOf("condition.pools")}
      />
      <AreaField
        label="Allowed workers, one on each line"
        hint="Empty: those of the site's first day."
        rows={3}
        value={draft.workers}
        onChange={(event) => onChange({ workers: event.target.value })}
        problem={problemOf("condition.workers")}
      />
    </div>
  );
}
