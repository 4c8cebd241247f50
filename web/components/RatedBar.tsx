import type { CSSProperties, ReactElement } from "react";
import { ratedLook } from "./ratedLook.ts";

/** Measured against rated. Outlined and empty where the value is old or missing. */
export function RatedBar({ share, stale = false }: { share: number | null; stale?: boolean }): ReactElement {
  const { className, label, width } = ratedLook(share, stale);
  return (
    <span
      className={className}
      role="img"
      aria-label={label}
      style={width === null ? undefined : ({ "--share": width } as CSSProperties)}
    />
  );
}
