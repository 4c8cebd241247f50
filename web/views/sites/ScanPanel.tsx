import type { ReactElement, ReactNode } from "react";
import type { Agent, Scan } from "../../../server/contract/api.ts";
import { startScan, stopScan } from "../../api/sites.ts";
import { Trouble } from "../../components/Trouble.tsx";
import { useMayOperate } from "../context.ts";
import { useAction } from "../useAction.ts";
import { ScanProgress } from "./ScanProgress.tsx";

interface ScanPanelProps {
  readonly agent: Agent;
  readonly scan: Scan | null;
  readonly rangeCount: number;
  /** Names the panel to those who hear it. */
  readonly label: string;
  readonly heading: ReactElement;
  readonly note: string;
  /** What can be done with what was found. */
  readonly way?: ReactNode;
  /** Stands where no scan was made yet and one can be. */
  readonly hint: ReactElement;
  /** What was found, below how far the scan is. */
  readonly children?: ReactNode;
}

/** Looks at every address of an agent's ranges, with live counts; can be stopped. */
export function ScanPanel({ agent, scan, rangeCount, label, heading, note, way, hint, children }: ScanPanelProps): ReactElement {
  const { busy, error, run } = useAction();
  const mayOperate = useMayOperate();
  return (
    <section className="panel" aria-label={label}>
      <header>
        {heading}
        <span className="micro">{note}</span>
        <span className="push scanactions">
          {way}
          {mayOperate && <ScanButton {...{ agent, scan, rangeCount, busy, run }} />}
        </span>
      </header>
      {error !== null && (
        <div className="blank">
          <Trouble error={error} />
        </div>
      )}
      {scan === null && (agent.state === "online" ? hint : <NotConnected />)}
      {scan !== null && <ScanProgress scan={scan} />}
      {scan !== null && children}
    </section>
  );
}

interface ScanButtonProps
  extends Pick<ScanPanelProps, "agent" | "scan" | "rangeCount">, Pick<ReturnType<typeof useAction>, "busy" | "run"> {}

/** One button, so that the focus stays: it starts a scan, and stops the one under way. */
function ScanButton({ agent, scan, rangeCount, busy, run }: ScanButtonProps): ReactElement {
  if (scan?.state === "running")
    return (
      <button type="button" className="btn" disabled={busy} onClick={() => run(() => stopScan(scan.id))}>
        Stop scan
      </button>
    );
  const isFirst = scan === null || scan.foundCount === 0;
  return (
    <button
      type="button"
      className={`btn ${isFirst ? "primary" : ""}`}
      disabled={busy || rangeCount === 0 || agent.state !== "online"}
      onClick={() => run(() => startScan(agent.id))}
    >
      {scan === null ? "Scan now" : "Scan again"}
    </button>
  );
}

function NotConnected(): ReactElement {
  return (
    <p className="blank soft">The agent is not connected. A scan can start as soon as it is; check that it runs and reaches this server.</p>
  );
}
