import { useMemo, useState, type ReactElement } from "react";
import { focusFirst } from "../../components/Popover.tsx";
import { REASONS, STATUSES } from "../../../server/contract/status.ts";
import { formatNumber } from "../../format/number.ts";
import type { RowSource } from "../../live/fields.ts";
import { valueCounts } from "../../live/filter.ts";
import type { ChoiceField, RowQuery } from "../../live/rowQuery.ts";
import { useParts, useSites } from "../context.ts";
import { CHOICE_LABELS, valueLabel, without } from "./conditions.ts";
import { moveByArrows } from "./moveByArrows.ts";

export type Apply = (query: RowQuery, form: Element) => void;

interface ChoiceProps {
  readonly source: RowSource;
  readonly query: RowQuery;
  readonly field: ChoiceField;
  readonly onApply: Apply;
}

/** More values than this are searched rather than looked through. */
const FEW = 10;

/** Which values a miner must have, or must not have; beside each how many have it. */
export function ChoiceEditor({ source, query, field, onApply }: ChoiceProps): ReactElement {
  const held = query.choices[field];
  const [values, setValues] = useState<readonly string[]>(held?.values ?? []);
  const [not, setNot] = useState(held?.not ?? false);
  const [search, setSearch] = useState("");
  const options = useOptions(source, field);
  const found = options.filter(({ value, label }) => values.includes(value) || label.toLowerCase().includes(search.trim().toLowerCase()));
  const toggle = (value: string): void =>
    setValues(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
  const isSearched = options.length > FEW;
  return (
    <form
      className="builder"
      onKeyDown={moveByArrows}
      onSubmit={(event) => {
        event.preventDefault();
        const rest = without(query, { kind: "choice", field });
        onApply(values.length === 0 ? rest : { ...rest, choices: { ...rest.choices, [field]: { values, not } } }, event.currentTarget);
      }}
    >
      <div className="row">
        <h2>{CHOICE_LABELS[field]}</h2>
        <div className="seg push">
          <button type="button" aria-pressed={!not} onClick={() => setNot(false)}>
            is
          </button>
          <button type="button" aria-pressed={not} onClick={() => setNot(true)}>
            is not
          </button>
        </div>
      </div>
      {isSearched && (
        <input
          ref={focusFirst}
          className="input"
          aria-label={`Search ${CHOICE_LABELS[field]}`}
          placeholder="Search"
          autoComplete="off"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      <div className="choices">
        {found.map(({ value, label, count }, place) => (
          <label key={value} className="option">
            <input
              type="checkbox"
              ref={place === 0 && !isSearched ? focusFirst : undefined}
              checked={values.includes(value)}
              onChange={() => toggle(value)}
            />
            {label}
            <small className="push muted">{formatNumber(count)}</small>
          </label>
        ))}
        {found.length === 0 && <p className="muted">No miner has such a value.</p>}
      </div>
      <button type="submit" className="btn primary">
        Apply
      </button>
    </form>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

/** Statuses and reasons in their own order, the rest by name; what is not set comes last. */
function useOptions({ fleet, places }: RowSource, field: ChoiceField): readonly Option[] {
  return useMemo(() => {
    const counts = valueCounts(fleet, field);
    const option = (value: string): Option => ({ value, label: valueLabel(field, value, places), count: counts.get(value) ?? 0 });
    if (field === "status") return STATUSES.map(option);
    if (field === "reason")
      return Object.values(REASONS)
        .flat()
        .filter((reason) => counts.has(reason))
        .map(option);
    const known = [...counts.keys()].filter((value) => value !== "").map(option);
    known.sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true }));
    return counts.has("") ? [...known, option("")] : known;
  }, [fleet, places, field]);
}

/** A site is picked for the whole page, header included. */
export function SiteEditor(): ReactElement {
  const { navigation } = useParts();
  const sites = useSites().items ?? [];
  return (
    <div className="builder" onKeyDown={moveByArrows}>
      <h2>Site</h2>
      <div className="choices">
        {sites.map(({ id, name }, place) => (
          <button
            key={id}
            type="button"
            className="option"
            data-closes
            ref={place === 0 ? focusFirst : undefined}
            onClick={() => navigation.pickSite(id)}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
