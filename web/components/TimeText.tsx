import type { ReactElement, ReactNode } from "react";
import { formatIso } from "../format/time.ts";

/** An instant or an age in words, with the instant itself, ISO 8601 with its zone, on hover. */
export function TimeText({ atMs, children }: { atMs: number; children: ReactNode }): ReactElement {
  const iso = formatIso(atMs);
  return (
    <time dateTime={iso} title={iso}>
      {children}
    </time>
  );
}
