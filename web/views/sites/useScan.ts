import { useEffect, useState } from "react";
import type { Scan } from "../../../server/contract/api.ts";
import { getScan, startScan } from "../../api/sites.ts";

const POLL_MS = 500;

export interface RunningScan {
  readonly scan: Scan | null;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly start: () => void;
}

/** A scan of one agent, asked about while it runs and no longer. */
export function useScan(agentId: string): RunningScan {
  const [scan, setScan] = useState<Scan | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [starting, setStarting] = useState(false);
  const runningId = scan?.state === "running" ? scan.id : null;
  useEffect(() => (runningId === null ? undefined : follow(runningId, setScan, setError)), [runningId]);
  const start = (): void => {
    setStarting(true);
    setError(null);
    startScan(agentId).then(
      (begun) => {
        setScan(begun);
        setStarting(false);
      },
      (problem: unknown) => {
        setError(asError(problem));
        setStarting(false);
      },
    );
  };
  return { scan, error, busy: starting || (runningId !== null && error === null), start };
}

/** Returns the function that stops asking. */
function follow(scanId: string, onScan: (scan: Scan) => void, onError: (error: Error) => void): () => void {
  const abort = new AbortController();
  let timer: number | undefined;
  const ask = async (): Promise<void> => {
    try {
      const scan = await getScan(scanId, abort.signal);
      onScan(scan);
      if (scan.state === "running") timer = window.setTimeout(() => void ask(), POLL_MS);
    } catch (error) {
      if (!abort.signal.aborted) onError(asError(error));
    }
  };
  timer = window.setTimeout(() => void ask(), POLL_MS);
  return () => {
    abort.abort();
    window.clearTimeout(timer);
  };
}

function asError(problem: unknown): Error {
  return problem instanceof Error ? problem : new Error(String(problem));
}
