import { useState, type ReactElement } from "react";
import { focusFirst } from "../../components/Popover.tsx";
import type { NumberField } from "../../live/fields.ts";
import type { RowQuery } from "../../live/rowQuery.ts";
import { parseSubnet } from "../../live/subnets.ts";
import type { Apply } from "./ChoiceEditor.tsx";
import { without } from "./conditions.ts";
import { capital, MEASURES } from "./measures.ts";

interface RangeProps {
  readonly query: RowQuery;
  readonly field: NumberField;
  readonly onApply: Apply;
}

/** The least and the most that a number may be, in the unit that the table shows; either may stay open. */
export function RangeEditor({ query, field, onApply }: RangeProps): ReactElement {
  const { words, unit, toShown, fromShown } = MEASURES[field];
  const held = query.ranges[field];
  const shown = (value: number | null | undefined): string => (value == null ? "" : String(Number(toShown(value).toFixed(3))));
  const [min, setMin] = useState(shown(held?.min));
  const [max, setMax] = useState(shown(held?.max));
  const [problem, setProblem] = useState<string | null>(null);
  const apply = (form: Element): void => {
    const [from, to] = [readNumber(min), readNumber(max)];
    if (Number.isNaN(from) || Number.isNaN(to)) setProblem(`“${Number.isNaN(from) ? min : max}” is not a number.`);
    else if (from !== null && to !== null && from > to) setProblem("The least is more than the most.");
    else {
      const rest = without(query, { kind: "range", field });
      const range = { min: from === null ? null : fromShown(from), max: to === null ? null : fromShown(to) };
      onApply(from === null && to === null ? rest : { ...rest, ranges: { ...rest.ranges, [field]: range } }, form);
    }
  };
  return (
    <form
      className="builder"
      onSubmit={(event) => {
        event.preventDefault();
        apply(event.currentTarget);
      }}
    >
      <h2>{capital(words)}</h2>
      <label className="bound">
        at least
        <input ref={focusFirst} className="input" inputMode="decimal" value={min} onChange={(event) => setMin(event.target.value)} />
        <span className="muted">{unit()}</span>
      </label>
      <label className="bound">
        at most
        <input className="input" inputMode="decimal" value={max} onChange={(event) => setMax(event.target.value)} />
        <span className="muted">{unit()}</span>
      </label>
      {problem !== null && (
        <p className="trouble" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="btn primary">
        Apply
      </button>
    </form>
  );
}

/** A number as people write it, null for nothing, NaN for what is none. */
function readNumber(text: string): number | null {
  const plain = text.replace(/[\s,]/g, "");
  return plain === "" ? null : Number(plain);
}

/** Subnets, one or several, separated by commas or spaces. */
export function SubnetEditor({ query, onApply }: { query: RowQuery; onApply: Apply }): ReactElement {
  const [text, setText] = useState(query.subnets.join(", "));
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <form
      className="builder"
      onSubmit={(event) => {
        event.preventDefault();
        const subnets = text.split(/[\s,]+/).filter(Boolean);
        const wrong = subnets.find((subnet) => parseSubnet(subnet) === null);
        if (wrong === undefined) onApply({ ...query, subnets }, event.currentTarget);
        else setProblem(`“${wrong}” is not a subnet. Write 10.20.0.0/16, or one address.`);
      }}
    >
      <h2>Subnet</h2>
      <input
        ref={focusFirst}
        className="input"
        aria-label="Subnets"
        placeholder="10.20.0.0/16"
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      {problem !== null && (
        <p className="trouble" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="btn primary">
        Apply
      </button>
    </form>
  );
}
