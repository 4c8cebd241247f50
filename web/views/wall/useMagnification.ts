import { useSyncExternalStore } from "react";

/** The size of window for which things are drawn as large as on a desk. */
const DESK = { width: 960, height: 540 };
const MOST = 8;

/** How much larger than on a desk the wall is drawn: twice on 1920 × 1080, four times on 3840 × 2160, as both are looked at from the same distance. */
export function useMagnification(): number {
  return useSyncExternalStore(subscribe, read);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}

function read(): number {
  const fitting = Math.min(window.innerWidth / DESK.width, window.innerHeight / DESK.height);
  return Math.round(Math.min(MOST, Math.max(1, fitting)) * 100) / 100;
}
