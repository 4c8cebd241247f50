import { useId, type ComponentProps, type ReactElement, type ReactNode } from "react";

interface Described {
  readonly label: ReactNode;
  /** What is wrong with it, null for nothing. */
  readonly problem?: string | null | undefined;
  readonly hint?: ReactNode;
}

/** A labelled input, with what is wrong or worth knowing below it. */
export function Field({ label, problem, hint, className = "", ...input }: Described & ComponentProps<"input">): ReactElement {
  return (
    <Labelled {...{ label, problem, hint }}>{(described) => <input {...input} {...described} className={`input ${className}`} />}</Labelled>
  );
}

/** The same for a choice of a few. */
export function SelectField({ label, problem, hint, className = "", ...select }: Described & ComponentProps<"select">): ReactElement {
  return (
    <Labelled {...{ label, problem, hint }}>
      {(described) => <select {...select} {...described} className={`input ${className}`} />}
    </Labelled>
  );
}

/** The same for text of several lines. */
export function AreaField({ label, problem, hint, className = "", ...area }: Described & ComponentProps<"textarea">): ReactElement {
  return (
    <Labelled {...{ label, problem, hint }}>
      {(described) => <textarea {...area} {...described} className={`input area ${className}`} />}
    </Labelled>
  );
}

interface Describing {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

function Labelled({
  label,
  problem = null,
  hint,
  children,
}: Described & { readonly children: (described: Describing) => ReactNode }): ReactElement {
  const id = useId();
  const below = problem ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": problem !== null, "aria-describedby": below === undefined ? undefined : `${id}-below` })}
      {below !== undefined && (
        <p id={`${id}-below`} className={problem === null ? "hint" : "problem"} role={problem === null ? undefined : "alert"}>
          {below}
        </p>
      )}
    </div>
  );
}
