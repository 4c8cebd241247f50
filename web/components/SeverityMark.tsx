import type { ReactElement } from "react";
import type { Severity } from "../../server/contract/incidents.ts";
import { SEVERITY_LABELS } from "../format/severity.ts";
import "./severity.css";

/** Letters drawn, not written: beside a number on a button they would be read as part of its text. */
const LETTERS: Readonly<Record<Severity, string>> = {
  critical: "M10.7 6.2a3.2 3.2 0 1 0 0 3.6",
  warning: "M4 5.3l2 5.4 2-4.6 2 4.6 2-5.4",
  info: "M8 4.9v6.2",
};
const OCTAGON = "M5 .7h6L15.3 5v6L11 15.3H5L.7 11V5Z";

/** Shape and letter of a severity, without a hue: colour is for statuses. Filled is critical. */
export function SeverityMark({ severity, size = 16 }: { severity: Severity; size?: number }): ReactElement {
  return (
    <svg
      className={`mark severity severity-${severity}`}
      width={size}
      height={size}
      viewBox="-.5 -.5 17 17"
      role="img"
      aria-label={SEVERITY_LABELS[severity]}
    >
      {severity === "info" ? (
        <rect className="ground" x="1.5" y="1.5" width="13" height="13" rx="3" />
      ) : (
        <path className="ground" d={OCTAGON} />
      )}
      <path className="letter" d={LETTERS[severity]} />
    </svg>
  );
}

/** The mark and the word. */
export function SeverityText({ severity }: { severity: Severity }): ReactElement {
  return (
    <span className="st">
      <SeverityMark severity={severity} />
      {SEVERITY_LABELS[severity]}
    </span>
  );
}
