import { useEffect, useState } from "react";

const IDLE_AFTER_MS = 3000;
const SIGNS = ["pointermove", "pointerdown", "keydown"] as const;

/** Whether nobody has touched pointer or keys for a while. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    const sleep = (): void => setIdle(true);
    let timer = window.setTimeout(sleep, IDLE_AFTER_MS);
    const wake = (): void => {
      window.clearTimeout(timer);
      timer = window.setTimeout(sleep, IDLE_AFTER_MS);
      setIdle(false);
    };
    for (const sign of SIGNS) window.addEventListener(sign, wake);
    return () => {
      window.clearTimeout(timer);
      for (const sign of SIGNS) window.removeEventListener(sign, wake);
    };
  }, []);
  return isIdle;
}
