import { use, type ReactElement } from "react";
import { SessionContext } from "../context.ts";
import "./steps.css";

const STEPS = ["Password", "Ranges", "Scan", "Fleet"] as const;
export type Step = (typeof STEPS)[number];

/** The way from the set-up link to the first data: what is done, where one is, what comes next. */
export function Steps({ current }: { current: Step }): ReactElement {
  const session = use(SessionContext);
  const steps = STEPS.filter((step) => step !== "Password" || session?.signInRequired !== false);
  const at = steps.indexOf(current);
  return (
    <ol className="steps" aria-label="Steps">
      {steps.map((step, index) => (
        <li key={step} className={index < at ? "done" : index === at ? "here" : ""} aria-current={index === at ? "step" : undefined}>
          <span className="number" aria-hidden="true">
            {index < at ? "✓" : index + 1}
          </span>
          {step}
          {index < at && <span className="unseen">, done</span>}
        </li>
      ))}
    </ol>
  );
}
