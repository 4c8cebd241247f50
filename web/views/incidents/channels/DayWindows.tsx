import type { ReactElement } from "react";
import type { DayWindow } from "../../../../server/contract/channels.ts";
import { DAYS, NEW_WINDOW } from "./routeDraft.ts";

interface WindowsProps {
  readonly legend: string;
  /** As a screen reader names one of them: `hours 1`. */
  readonly name: string;
  readonly windows: readonly DayWindow[];
  readonly problem: string | null;
  readonly onChange: (windows: DayWindow[]) => void;
}

/** Times of the week: days on which each begins, from and to, past midnight where it ends earlier than it begins. */
export function DayWindows({ legend, name, windows, problem, onChange }: WindowsProps): ReactElement {
  const change = (place: number, part: Partial<DayWindow>): void =>
    onChange(windows.map((held, each) => (each === place ? { ...held, ...part } : held)));
  return (
    <fieldset className="windowset">
      <legend>{legend}</legend>
      {windows.map((window, place) => (
        <WindowRow
          key={place}
          name={`${name} ${place + 1}`}
          window={window}
          onChange={(part) => change(place, part)}
          onRemove={() => onChange(windows.filter((_, each) => each !== place))}
        />
      ))}
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
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
  readonly onChange: (part: Partial<DayWindow>) => void;
  readonly onRemove: () => void;
}

function WindowRow({ name, window: { days, from, to }, onChange, onRemove }: RowProps): ReactElement {
  const toggle = (day: number): void =>
    onChange({ days: days.includes(day) ? days.filter((other) => other !== day) : [...days, day].sort((a, b) => a - b) });
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
      <input type="time" className="input" aria-label="From" value={from} onChange={(event) => onChange({ from: event.target.value })} />
      to
      <input type="time" className="input" aria-label="To" value={to} onChange={(event) => onChange({ to: event.target.value })} />
      <button type="button" className="btn quiet" onClick={onRemove}>
        Take away<span className="unseen"> {name}</span>
      </button>
    </div>
  );
}
