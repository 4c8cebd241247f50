import type { ReactElement } from "react";
import type { DayWindow } from "../../../../server/contract/channels.ts";
import { Field } from "../../../components/Field.tsx";
import { clockTimeOf, DAYS, NEW_WINDOW } from "./routeDraft.ts";

interface WindowsProps {
  readonly legend: string;
  /** As a screen reader names one of them: `hours 1`. */
  readonly name: string;
  readonly windows: readonly DayWindow[];
  /** What is wrong with a part, such as `.0.from`; of the whole with an empty text. */
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (windows: DayWindow[]) => void;
}

const PARTS = ["days", "from", "to"] as const;

/** Times of the week: days on which each begins, from and to on a clock of 24 hours, past midnight where it ends earlier than it begins. */
export function DayWindows({ legend, name, windows, problemOf, onChange }: WindowsProps): ReactElement {
  const change = (place: number, part: Partial<DayWindow>): void =>
    onChange(windows.map((held, each) => (each === place ? { ...held, ...part } : held)));
  const isShownBelow = windows.some((_, place) => PARTS.some((part) => problemOf(`.${place}.${part}`) !== null));
  const whole = isShownBelow ? null : problemOf("");
  return (
    <fieldset className="windowset">
      <legend>{legend}</legend>
      {windows.map((window, place) => (
        <WindowRow
          key={place}
          name={`${name} ${place + 1}`}
          window={window}
          problemOf={(part) => problemOf(`.${place}.${part}`)}
          onChange={(part) => change(place, part)}
          onRemove={() => onChange(windows.filter((_, each) => each !== place))}
        />
      ))}
      {whole !== null && (
        <p className="problem" role="alert">
          {whole}
        </p>
      )}
      <button type="button" className="btn" onClick={() => onChange([...windows, NEW_WINDOW])}>
        Add {name}
      </button>
    </fieldset>
  );
}

interface RowProps {
  readonly name: string;
  readonly window: DayWindow;
  readonly problemOf: (part: (typeof PARTS)[number]) => string | null;
  readonly onChange: (part: Partial<DayWindow>) => void;
  readonly onRemove: () => void;
}

function WindowRow({ name, window: { days, from, to }, problemOf, onChange, onRemove }: RowProps): ReactElement {
  const toggle = (day: number): void =>
    onChange({ days: days.includes(day) ? days.filter((other) => other !== day) : [...days, day].sort((a, b) => a - b) });
  const daysProblem = problemOf("days");
  return (
    <div className="windowrow" role="group" aria-label={name}>
      <span className="days">
        {DAYS.map((label, index) => (
          <label key={label}>
            <input type="checkbox" checked={days.includes(index + 1)} onChange={() => toggle(index + 1)} />
            {label}
          </label>
        ))}
      </span>
      <TimeField label="From" value={from} problem={problemOf("from")} onChange={(text) => onChange({ from: text })} />
      <TimeField label="To" value={to} problem={problemOf("to")} onChange={(text) => onChange({ to: text })} />
      <button type="button" className="btn quiet" onClick={onRemove}>
        Take away<span className="unseen"> {name}</span>
      </button>
      {daysProblem !== null && (
        <p className="problem" role="alert">
          {daysProblem}
        </p>
      )}
    </div>
  );
}

interface TimeProps {
  readonly label: string;
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (text: string) => void;
}

/** A time of day as text, `22:30`, the same whatever the language of the browser; written out in full when it is left. */
function TimeField({ label, value, problem, onChange }: TimeProps): ReactElement {
  return (
    <Field
      label={label}
      className="clocktime"
      inputMode="numeric"
      placeholder="22:30"
      maxLength={5}
      value={value}
      problem={problem}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => onChange(clockTimeOf(value) ?? value)}
      autoComplete="off"
    />
  );
}
