import { useId, type ReactElement } from "react";

const DAY_MS = 86_400_000;
const LIVES = [
  { days: 1, label: "in a day" },
  { days: 30, label: "in 30 days" },
  { days: 90, label: "in 90 days" },
  { days: 365, label: "in a year" },
  { days: null, label: "never" },
] as const;
/** Days until something expires; null: never. */
export type LifeDays = (typeof LIVES)[number]["days"];

export function expiryOf(days: number): number {
  return Date.now() + days * DAY_MS;
}

interface ExpiryProps<D extends LifeDays> {
  readonly choices: readonly D[];
  readonly days: D;
  readonly onChange: (days: D) => void;
}

/** When something that was handed out ends by itself. */
export function ExpiryField<D extends LifeDays>({ choices, days, onChange }: ExpiryProps<D>): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Expires</label>
      <select id={id} className="input" value={choices.indexOf(days)} onChange={(event) => onChange(choices[Number(event.target.value)])}>
        {choices.map((choice, place) => (
          <option key={place} value={place}>
            {LIVES.find((life) => life.days === choice)?.label}
          </option>
        ))}
      </select>
    </div>
  );
}
