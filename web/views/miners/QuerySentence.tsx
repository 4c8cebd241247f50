import type { ReactElement, ReactNode } from "react";
import type { Status } from "../../../server/contract/status.ts";
import { formatNumber } from "../../format/number.ts";
import { STATUS_LABELS } from "../../format/status.ts";
import type { RowQuery, SortKey } from "../../live/order.ts";

const SORT_WORDS: Readonly<Record<SortKey, string>> = {
  name: "name",
  status: "status",
  model: "model",
  address: "address",
  lostHashrateHs: "hashrate lost",
  hashrateHs: "hashrate",
  ratedShare: "share of rated",
  chipTempCMax: "hottest chip",
  fanRpmMin: "slowest fan",
  powerW: "power",
  efficiencyJPerTh: "efficiency",
  rejectRatio: "rejects",
  pool: "pool",
  worker: "worker",
  sampleAgeMs: "age",
};

interface SentenceProps {
  readonly query: RowQuery;
  readonly shownCount: number;
  readonly totalCount: number;
  readonly onChange: (change: Partial<RowQuery>) => void;
}

/** What the table shows, as a sentence whose conditions can be taken away, and how many match. */
export function QuerySentence({ query, shownCount, totalCount, onChange }: SentenceProps): ReactElement {
  const { statuses, text, sort, descending } = query;
  const isFiltered = statuses.length > 0 || text !== "";
  return (
    <div className="sentence" role="group" aria-label="Filter">
      <span>
        {isFiltered ? "Miners" : <b>All miners</b>}
        {statuses.length > 0 && (
          <>
            {" that are "}
            {joined(statuses, (status) => (
              <Condition
                text={STATUS_LABELS[status].toLowerCase()}
                onRemove={() => onChange({ statuses: statuses.filter((held) => held !== status) })}
              />
            ))}
          </>
        )}
        {text !== "" && (
          <>
            {" with "}
            <Condition text={`“${text}”`} onRemove={() => onChange({ text: "" })} />
          </>
        )}
        <span className="desk">
          {" in the order of "}
          <b>{SORT_WORDS[sort]}</b>
          {descending && ", from the top"}
        </span>
      </span>
      <span className="push nowrap" role="status">
        <b>{formatNumber(shownCount)}</b> of {formatNumber(totalCount)}
      </span>
    </div>
  );
}

function joined(statuses: readonly Status[], draw: (status: Status) => ReactNode): ReactNode {
  return statuses.map((status, place) => (
    <span key={status}>
      {place > 0 && " or "}
      {draw(status)}
    </span>
  ));
}

function Condition({ text, onRemove }: { text: string; onRemove: () => void }): ReactElement {
  return (
    <button type="button" className="condition" onClick={onRemove} aria-label={`Remove the condition ${text}`}>
      {text}
      <span aria-hidden="true">×</span>
    </button>
  );
}
