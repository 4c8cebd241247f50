import { Fragment, type ReactElement } from "react";
import { Popover } from "../../components/Popover.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import { formatNumber } from "../../format/number.ts";
import type { RowSource } from "../../live/fields.ts";
import { isFiltered, type RowQuery, type SortTerm } from "../../live/rowQuery.ts";
import { siteOf } from "../navigation.ts";
import { useAddress, useParts } from "../context.ts";
import { columnOf } from "./columns.tsx";
import { ConditionPanel } from "./ConditionPanel.tsx";
import { conditionsOf, without, type Condition, type Subject } from "./conditions.ts";
import { SortPanel } from "./SortPanel.tsx";

interface SentenceProps {
  readonly source: RowSource;
  readonly query: RowQuery;
  readonly shownCount: number;
  readonly onQuery: (query: RowQuery) => void;
}

/** What the table shows, as a sentence whose conditions can be changed, taken away and added to, and how many match. */
export function QuerySentence({ source, query, shownCount, onQuery }: SentenceProps): ReactElement {
  const { navigation } = useParts();
  const phone = usePhone();
  const conditions = conditionsOf(query, source.places, siteOf(useAddress()));
  const add = isFiltered(query) ? "+ and" : "+ that are…";
  const remove = (subject: Subject): void => {
    if (subject.kind === "site") navigation.pickSite(null);
    else onQuery(without(query, subject));
  };
  return (
    <div className="sentence" role="group" aria-label="Filter">
      <span>{conditions.length === 0 ? <b>All miners</b> : "Miners"}</span>
      {conditions.map((condition, place) => (
        <Fragment key={condition.text}>
          <span>{condition.lead === conditions[place - 1]?.lead ? "and" : condition.lead}</span>
          <ConditionChip source={source} query={query} condition={condition} onQuery={onQuery} onRemove={() => remove(condition.subject)} />
        </Fragment>
      ))}
      <Popover button={add} label={`${add}: add a condition`} className="condition add" sheet>
        <ConditionPanel source={source} query={query} subject={null} onQuery={onQuery} />
      </Popover>
      {phone ? (
        <SortPanel sort={query.sort} onSort={(sort) => onQuery({ ...query, sort })} />
      ) : (
        <span>
          sorted by <SortWords sort={query.sort} />
        </span>
      )}
      <span className="push nowrap" role="status">
        <b>{formatNumber(shownCount)}</b> of {formatNumber(source.fleet.rowCount)}
      </span>
    </div>
  );
}

interface ChipProps {
  readonly source: RowSource;
  readonly query: RowQuery;
  readonly condition: Condition;
  readonly onQuery: (query: RowQuery) => void;
  readonly onRemove: () => void;
}

function ConditionChip({ source, query, condition: { subject, text }, onQuery, onRemove }: ChipProps): ReactElement {
  return (
    <span className="condition">
      {subject.kind === "text" ? (
        <span className="fixed">{text}</span>
      ) : (
        <Popover button={text} label={`Change the condition ${text}`} className="change" sheet>
          <ConditionPanel source={source} query={query} subject={subject} onQuery={onQuery} />
        </Popover>
      )}
      <button type="button" className="remove" onClick={onRemove} aria-label={`Remove the condition ${text}`}>
        <span aria-hidden="true">×</span>
      </button>
    </span>
  );
}

function SortWords({ sort }: { sort: readonly SortTerm[] }): ReactElement {
  return (
    <>
      {sort.map(({ field, descending }, place) => (
        <Fragment key={field}>
          {place > 0 && ", then "}
          <b>{columnOf(field).words}</b>
          {descending && ", from the top"}
        </Fragment>
      ))}
    </>
  );
}
