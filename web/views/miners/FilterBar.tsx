import type { ReactElement } from "react";
import { STATUSES, type Status } from "../../../server/contract/status.ts";
import { StatusMark } from "../../components/StatusMark.tsx";
import { formatNumber } from "../../format/number.ts";
import { STATUS_LABELS } from "../../format/status.ts";
import type { RowQuery } from "../../live/order.ts";
import { useFleet } from "../context.ts";
import { NEEDS_ATTENTION } from "./minersQuery.ts";

interface FilterBarProps {
  readonly query: RowQuery;
  readonly onStatuses: (statuses: readonly Status[]) => void;
}

/** Which statuses the table shows: all, what needs attention, or any choice of the six. */
export function FilterBar({ query, onStatuses }: FilterBarProps): ReactElement {
  const { totals, rowCount } = useFleet();
  const countOf = (statuses: readonly Status[]): number => statuses.reduce((sum, status) => sum + (totals?.statusCounts[status] ?? 0), 0);
  const toggle = (status: Status): void =>
    onStatuses(query.statuses.includes(status) ? query.statuses.filter((held) => held !== status) : [...query.statuses, status]);
  return (
    <div className="filters" role="group" aria-label="Status">
      <Choice label="All" count={rowCount} pressed={query.statuses.length === 0} onPress={() => onStatuses([])} />
      <Choice
        label="Needs attention"
        count={countOf(NEEDS_ATTENTION)}
        pressed={query.statuses.join() === NEEDS_ATTENTION.join()}
        onPress={() => onStatuses(NEEDS_ATTENTION)}
      />
      <span className="rule" />
      {STATUSES.map((status) => (
        <Choice
          key={status}
          status={status}
          label={STATUS_LABELS[status]}
          count={countOf([status])}
          pressed={query.statuses.includes(status)}
          onPress={() => toggle(status)}
        />
      ))}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly count: number;
  readonly pressed: boolean;
  readonly onPress: () => void;
  readonly status?: Status;
}

function Choice({ label, count, pressed, onPress, status }: ChoiceProps): ReactElement {
  return (
    <button type="button" className="choice" aria-pressed={pressed} onClick={onPress}>
      {status !== undefined && <StatusMark status={status} size={14} />}
      {label}
      <small>{formatNumber(count)}</small>
    </button>
  );
}
