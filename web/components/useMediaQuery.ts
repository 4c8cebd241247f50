import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds, following it. */
function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** The width below which tables become cards; the style sheets use the same. */
export function usePhone(): boolean {
  return useMediaQuery("(max-width: 720px)");
}
