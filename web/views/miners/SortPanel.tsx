import type { ReactElement } from "react";
import { Popover } from "../../components/Popover.tsx";
import type { Field } from "../../live/fields.ts";
import type { SortTerm } from "../../live/rowQuery.ts";
import { columnOf } from "./columns.tsx";
import { capital } from "./measures.ts";
import { nextSort } from "./minersQuery.ts";

/** What the cards show. */
const SORTED_BY: readonly Field[] = [
  "name",
  "status",
  "lostHashrateHs",
  "hashrateHs",
  "ratedShare",
  "chipTempCMax",
  "powerW",
  "sampleAgeMs",
  "model",
];

/** The order of the cards, which have no heads to press: a press sorts by one thing, a second turns it round. */
export function SortPanel({ sort, onSort }: { sort: readonly SortTerm[]; onSort: (sort: readonly SortTerm[]) => void }): ReactElement {
  const [first] = sort;
  const words = `by ${columnOf(first.field).words} ${first.descending ? "↓" : "↑"}`;
  return (
    <Popover button={words} label={`Sorted ${words}`} className="condition add" sheet>
      {SORTED_BY.map((field) => (
        <button
          key={field}
          type="button"
          className="option"
          aria-pressed={field === first.field}
          onClick={() => onSort(nextSort(sort, field, false))}
        >
          {capital(columnOf(field).words)}
          {field === first.field && <small className="push muted">{first.descending ? "from the top" : "from the bottom"}</small>}
        </button>
      ))}
    </Popover>
  );
}
