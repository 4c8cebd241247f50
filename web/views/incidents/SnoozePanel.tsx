import { useState, type ReactElement, type SyntheticEvent } from "react";
import { closePopover } from "../../components/Popover.tsx";
import { useNowMs } from "../context.ts";
import { Clock } from "./cells.tsx";
import { InstantField } from "./InstantField.tsx";
import { instantOfInput, inputOfInstant, instantProblem } from "./instantInput.ts";

const HOUR_MS = 3_600_000;
const SPANS = [
  { label: "30 minutes", spanMs: HOUR_MS / 2 },
  { label: "1 hour", spanMs: HOUR_MS },
  { label: "4 hours", spanMs: 4 * HOUR_MS },
  { label: "24 hours", spanMs: 24 * HOUR_MS },
];

interface SnoozeProps {
  readonly snoozedUntilMs: number | null;
  readonly onSnooze: (untilMs: number | null) => void;
}

/** Until when nobody is told of an incident. */
export function SnoozePanel({ snoozedUntilMs, onSnooze }: SnoozeProps): ReactElement {
  const nowMs = useNowMs();
  const [text, setText] = useState(() => inputOfInstant(nowMs + 8 * HOUR_MS));
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const untilMs = instantOfInput(text);
    if (untilMs === null || untilMs <= nowMs) {
      setProblem(untilMs === null ? instantProblem(text) : "Choose an instant that lies ahead.");
      return;
    }
    closePopover(event.currentTarget);
    onSnooze(untilMs);
  };
  return (
    <>
      <p className="micro muted popoverform">Tell nobody for</p>
      {SPANS.map(({ label, spanMs }) => (
        <button key={label} type="button" className="option" data-closes onClick={() => onSnooze(nowMs + spanMs)}>
          {label}{" "}
          <span className="push muted">
            until <Clock atMs={nowMs + spanMs} />
          </span>
        </button>
      ))}
      {snoozedUntilMs !== null && (
        <button type="button" className="option" data-closes onClick={() => onSnooze(null)}>
          End the snooze
        </button>
      )}
      <form className="form popoverform" onSubmit={submit} noValidate>
        <InstantField label="Or until" value={text} problem={problem} onChange={setText} />
        <button className="btn primary">Snooze</button>
      </form>
    </>
  );
}
