import type { ReactElement } from "react";
import { Field } from "../../components/Field.tsx";

interface InstantProps {
  readonly label: string;
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (text: string) => void;
}

/** A date and time as text, as `inputOfInstant` writes it: the picker of a browser would show it by the browser's own language. */
export function InstantField({ label, value, problem, onChange }: InstantProps): ReactElement {
  return (
    <Field
      label={label}
      value={value}
      placeholder="2026-11-24 22:30"
      maxLength={20}
      onChange={(event) => onChange(event.target.value)}
      problem={problem}
      hint="Your local time, year first, 24 hours."
      autoComplete="off"
      spellCheck={false}
    />
  );
}
