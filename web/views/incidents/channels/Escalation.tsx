import type { ReactElement } from "react";
import type { Channel } from "../../../../server/contract/channels.ts";
import { Field } from "../../../components/Field.tsx";
import { PickMany } from "../rules/PickMany.tsx";
import type { EscalationStep } from "./routeDraft.ts";

interface EscalationProps {
  readonly steps: readonly EscalationStep[];
  readonly channels: readonly Channel[];
  readonly problem: string | null;
  readonly onChange: (steps: EscalationStep[]) => void;
}

/** Who is told as well where nobody acknowledges in time. */
export function Escalation({ steps, channels, problem, onChange }: EscalationProps): ReactElement {
  const change = (place: number, part: Partial<EscalationStep>): void =>
    onChange(steps.map((held, each) => (each === place ? { ...held, ...part } : held)));
  return (
    <fieldset className="windowset">
      <legend>Where nobody acknowledges</legend>
      {steps.map(({ afterMinutes, channelIds }, place) => (
        <div key={place} className="fieldrow" role="group" aria-label={`Escalation ${place + 1}`}>
          <Field
            label="After minutes"
            type="number"
            min={1}
            value={afterMinutes}
            onChange={(event) => change(place, { afterMinutes: event.target.valueAsNumber || 0 })}
          />
          <PickMany
            label="Also tell"
            choices={channels}
            picked={channelIds}
            nothing="nobody yet"
            onChange={(ids) => change(place, { channelIds: ids })}
          />
          <button type="button" className="btn quiet" onClick={() => onChange(steps.filter((_, each) => each !== place))}>
            Take away<span className="unseen"> escalation {place + 1}</span>
          </button>
        </div>
      ))}
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="button" className="btn" onClick={() => onChange([...steps, { afterMinutes: 15, channelIds: [] }])}>
        Add an escalation
      </button>
    </fieldset>
  );
}
