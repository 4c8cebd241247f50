import { useEffect, useEffectEvent } from "react";
import type { LiveBackfill } from "../../server/contract/live.ts";
import { useParts } from "./context.ts";

interface Shown {
  /** null: every site. */
  readonly siteId: string | null;
  /** Minutes of sites and the fleet, or the samples of single miners. */
  readonly what: LiveBackfill["what"];
  /** What is looked at now. */
  readonly range: () => { readonly fromMs: number; readonly toMs: number };
}

type Span = Pick<LiveBackfill, "fromMs" | "toMs">;

/** While the connection was lost nobody told what came late, nor where. */
const ANY_TIME: Span = { fromMs: -Infinity, toMs: Infinity };

/** Calls when an agent that was away has brought history into what is shown, or may have while the connection was lost. */
export function useLateHistory({ siteId, what, range }: Shown, onLate: (span: Span) => void): void {
  const { link } = useParts();
  const heard = useEffectEvent((news: LiveBackfill) => {
    const { fromMs, toMs } = range();
    const concerns = news.what === what && (siteId === null || news.siteId === siteId);
    if (concerns && news.toMs >= fromMs && news.fromMs <= toMs) onLate(news);
  });
  const reconnected = useEffectEvent(() => onLate(ANY_TIME));
  useEffect(
    () =>
      link.followBackfill(
        (news) => heard(news),
        () => reconnected(),
      ),
    [link],
  );
}
