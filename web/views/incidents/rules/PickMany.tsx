import { useId, type ReactElement } from "react";
import { plainText } from "../../../format/plainText.ts";

export interface Choice {
  readonly id: string;
  readonly name: string;
}

interface PickProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly picked: readonly string[];
  /** Of what is picked and not among the choices; its id unless told. */
  readonly nameOf?: (id: string) => string;
  readonly problem?: string | null;
  /** What the list says while nothing is picked. */
  readonly nothing?: string;
  readonly onChange: (picked: string[]) => void;
}

/** Some of many: a list to pick from, and what was picked, each to be taken away again. What is picked and no longer known stays visible. */
export function PickMany({
  label,
  choices,
  picked,
  nameOf = (value) => value,
  problem = null,
  nothing = "any",
  onChange,
}: PickProps): ReactElement {
  const id = useId();
  const shownName = (value: string): string => plainText(choices.find((choice) => choice.id === value)?.name ?? nameOf(value));
  const left = choices.filter((choice) => !picked.includes(choice.id));
  return (
    <div className="field pickmany">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value=""
        disabled={left.length === 0}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onChange={(event) => onChange([...picked, event.target.value])}
      >
        <option value="">{picked.length === 0 ? nothing : "and …"}</option>
        {left.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {plainText(choice.name)}
          </option>
        ))}
      </select>
      {picked.length > 0 && (
        <ul>
          {picked.map((value) => (
            <li key={value}>
              <button type="button" className="btn" onClick={() => onChange(picked.filter((other) => other !== value))}>
                {shownName(value)}
                <span className="unseen">, take away</span> <span aria-hidden="true">✕</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {problem !== null && (
        <p id={`${id}-problem`} className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
