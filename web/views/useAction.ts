import { useCallback, useState } from "react";

export interface Action {
  readonly busy: boolean;
  readonly error: Error | null;
  /** Does one thing at a time; `then` follows where it succeeded, else `error` says why not. */
  readonly run: (work: () => Promise<unknown>, then?: () => void) => void;
}

/** Something that the reader asked for: under way, done, or failed with a reason that stands where it was asked for. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const run = useCallback((work: () => Promise<unknown>, then?: () => void): void => {
    setBusy(true);
    setError(null);
    work()
      .then(
        () => then?.(),
        (problem: unknown) => setError(problem instanceof Error ? problem : new Error(String(problem))),
      )
      .finally(() => setBusy(false));
  }, []);
  return { busy, error, run };
}
