import type { ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import { formatNumber } from "../../format/number.ts";

/** A fan at this speed fills its bar. */
const FULL_RPM = 7000;

export function Fans({ detail, stale }: { detail: MinerDetail; stale: boolean }): ReactElement {
  const { fansRpm = [], expectedFanCount = null } = detail.sample ?? {};
  const fans: (number | null)[] = [...fansRpm];
  while (fans.length < (expectedFanCount ?? 0)) fans.push(null);
  return (
    <section className={`panel ${stale ? "stale" : ""}`} aria-label="Fans">
      <header>
        <h2>Fans</h2>
        <span className="micro push">rpm</span>
      </header>
      {fans.length === 0 && <p className="blank soft">{expectedFanCount === 0 ? "This model has no fans." : "No fan was reported."}</p>}
      {fans.map((rpm, index) => (
        <div key={index} className="fan">
          <span className="soft">Fan {index + 1}</span>
          <span className="track">
            <i style={{ width: `${Math.min(100, ((rpm ?? 0) / FULL_RPM) * 100)}%` }} />
          </span>
          <span className={`num ${rpm === 0 && !stale ? "stopped" : ""}`}>{formatNumber(rpm)}</span>
        </div>
      ))}
    </section>
  );
}
