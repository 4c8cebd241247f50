import { useCallback, useEffect, useEffectEvent, useState } from "react";
import { onSessionRegained } from "./sessionRegained.ts";

export interface Loaded<T> {
  readonly data: T | null;
  readonly error: Error | null;
  /** Loads again and keeps what is shown until the answer is there. */
  readonly reload: () => void;
  /** Replaces what is shown, where an answer or the live stream knows better. */
  readonly set: (change: (data: T) => T) => void;
}

interface Answer<T> {
  readonly key: string;
  readonly data: T | null;
  readonly error: Error | null;
}

/** Loads once per key, again on `reload` and after a lost session is regained. No repetition by time. */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ key, data: null, error: null });
  const [round, setRound] = useState(0);
  const start = useEffectEvent(load);
  useEffect(() => {
    const abort = new AbortController();
    start(abort.signal).then(
      (data) => setAnswer({ key, data, error: null }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setAnswer((held) => ({
          key,
          data: held.key === key ? held.data : null,
          error: error instanceof Error ? error : new Error(String(error)),
        }));
      },
    );
    return () => abort.abort();
  }, [key, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  useEffect(() => onSessionRegained(reload), [reload]);
  const set = useCallback(
    (change: (data: T) => T) => setAnswer((held) => (held.data === null ? held : { ...held, data: change(held.data) })),
    [],
  );
  return { data: answer.key === key ? answer.data : null, error: answer.key === key ? answer.error : null, reload, set };
}
