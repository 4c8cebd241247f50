import type { ReactElement } from "react";
import { Field } from "../../components/Field.tsx";
import type { Problems, SettingsDraft } from "./settingsDraft.ts";

export interface SectionForm {
  readonly draft: SettingsDraft;
  readonly problems: Problems;
  readonly change: (part: Partial<SettingsDraft>) => void;
  readonly disabled: boolean;
}

/** How often miners are asked, and the unit of temperatures for who has chosen none. */
export function General({ draft, problems, change, disabled }: SectionForm): ReactElement {
  return (
    <section className="panel form settingsform" aria-label="Polling and units">
      <Field
        label="Poll interval, seconds"
        className="short"
        inputMode="decimal"
        value={draft.pollIntervalS}
        placeholder="each agent’s own"
        onChange={(event) => change({ pollIntervalS: event.target.value })}
        problem={problems.get("pollIntervalMs") ?? null}
        disabled={disabled}
        hint="One sample per miner per interval, for all agents. Empty: as each agent was started, 10 s unless told."
        autoComplete="off"
      />
      <fieldset className="choice" disabled={disabled}>
        <legend>Temperatures, for everyone who has chosen no unit under Display</legend>
        {(["C", "F"] as const).map((unit) => (
          <label key={unit}>
            <input type="radio" name="temperature" checked={draft.temperature === unit} onChange={() => change({ temperature: unit })} />°
            {unit}
          </label>
        ))}
      </fieldset>
    </section>
  );
}
