import type { ReactElement } from "react";
import { SPANS, type Span } from "./mapQuery.ts";

const SPAN_LABELS: Readonly<Record<Span, string>> = { "24h": "24 h", "30d": "30 d" };

/** How far back the time machine reaches, one button each. */
export function SpanButtons({ span, onSpan }: { span: Span; onSpan: (span: Span) => void }): ReactElement[] {
  return SPANS.map((each) => (
    <button key={each} type="button" aria-pressed={each === span} onClick={() => onSpan(each)}>
      {SPAN_LABELS[each]}
    </button>
  ));
}
