import { useId, type ComponentProps, type ReactElement, type ReactNode } from "react";

interface FieldProps extends ComponentProps<"input"> {
  readonly label: ReactNode;
  /** What is wrong with it, null for nothing. */
  readonly problem?: string | null;
  readonly hint?: ReactNode;
}

/** A labelled input, with what is wrong or worth knowing below it. */
export function Field({ label, problem = null, hint, className = "", ...input }: FieldProps): ReactElement {
  const id = useId();
  const below = problem ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        className={`input ${className}`}
        aria-invalid={problem !== null}
        aria-describedby={below === undefined ? undefined : `${id}-below`}
      />
      {below !== undefined && (
        <p id={`${id}-below`} className={problem === null ? "hint" : "problem"} role={problem === null ? undefined : "alert"}>
          {below}
        </p>
      )}
    </div>
  );
}
