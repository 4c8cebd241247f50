import { useRef, type ReactElement } from "react";
import { useCopy } from "./useCopy.ts";

/** One line to be taken elsewhere, with a button that copies it and says so. */
export function CopyLine({ text, label }: { text: string; label: string }): ReactElement {
  const line = useRef<HTMLElement>(null);
  const { said, copy } = useCopy();
  return (
    <div className="copyline">
      <code ref={line} tabIndex={0} aria-label={label}>
        {text}
      </code>
      <button type="button" className="btn" onClick={() => copy(text, line.current)}>
        Copy<span className="unseen"> {label}</span>
      </button>
      <span className="micro" role="status">
        {said}
      </span>
    </div>
  );
}
