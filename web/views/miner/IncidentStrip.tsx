import { useState, type ReactElement } from "react";
import type { IncidentRow } from "../../../server/contract/incidents.ts";
import type { PlotArea } from "../../components/charts/chartOptions.ts";
import type { TimeRange } from "../../components/charts/timeWindow.ts";
import { Link } from "../../components/Link.tsx";
import { SeverityMark } from "../../components/SeverityMark.tsx";
import { countOf } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { SEVERITY_LABELS } from "../../format/severity.ts";
import { formatClock } from "../../format/time.ts";
import { incidentAddress } from "../navigation.ts";
import { marksOf, type IncidentMark } from "./incidentMarks.ts";

interface IncidentStripProps {
  readonly rows: readonly IncidentRow[];
  readonly range: TimeRange;
  /** The range ends now. */
  readonly live: boolean;
  /** Of the chart below. */
  readonly area: PlotArea;
}

/** Above the charts, where the incidents of the machine began: each a link whose words stand beside the marks while it is pointed at or focused. */
export function IncidentStrip({ rows, range, live, area }: IncidentStripProps): ReactElement | null {
  const [said, setSaid] = useState<string | null>(null);
  const marks = marksOf(rows, range, { width: area.width, live });
  if (marks.length === 0) return null;
  const count = marks.reduce((sum, { incidents }) => sum + incidents.length, 0);
  return (
    <div className="incidentstrip" role="group" aria-label="Incidents in this time">
      <p className="micro" aria-hidden="true">
        {said ?? `${countOf(count, "incident")} in this time`}
      </p>
      <div className="marks" style={{ marginLeft: area.left, width: area.width }}>
        {marks.map((mark) => (
          <Mark key={mark.incidents[0].id} mark={mark} nowMs={range.toMs} onSay={setSaid} />
        ))}
      </div>
    </div>
  );
}

interface MarkProps {
  readonly mark: IncidentMark;
  readonly nowMs: number;
  readonly onSay: (text: string | null) => void;
}

function Mark({ mark: { left, incidents }, nowMs, onSay }: MarkProps): ReactElement {
  const [worst] = incidents;
  const text = textOf(incidents, nowMs);
  const quiet = (): void => onSay(null);
  const say = (): void => onSay(text);
  return (
    <span className="incidentmark" style={{ left }} onPointerEnter={say} onPointerLeave={quiet} onFocus={say} onBlur={quiet}>
      <Link href={incidentAddress(worst.id)} aria-label={`${SEVERITY_LABELS[worst.severity]}: ${text}`}>
        <SeverityMark severity={worst.severity} />
      </Link>
    </span>
  );
}

/** When, how long, and what; of several that share a mark the worst, and how many more there are. */
function textOf([worst, ...others]: readonly IncidentRow[], nowMs: number): string {
  const end = worst.closedAtMs === null ? "now" : formatClock(worst.closedAtMs, worst.openedAtMs);
  const more = others.length === 0 ? "" : `, and ${others.length} more that began about then`;
  return `${formatClock(worst.openedAtMs, nowMs)} to ${end}: ${plainText(worst.explanation)}${more}`;
}
