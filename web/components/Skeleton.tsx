import type { ReactElement } from "react";

/** Bars in place of lines that are on their way. The style keeps them invisible for the first 300 ms. */
export function Skeleton({ lines }: { lines: number }): ReactElement {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <i key={line} />
      ))}
    </div>
  );
}
