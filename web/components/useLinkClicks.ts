import type { MouseEvent } from "react";
import { useParts } from "../views/context.ts";

/** Gives what follows the link that was clicked, without a reload, where the click is a plain one; true where it did. */
export function useLinkClicks(): (event: MouseEvent) => boolean {
  const { navigation } = useParts();
  return (event) => {
    const href = event.target instanceof Element ? event.target.closest("a")?.getAttribute("href") : undefined;
    if (href == null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
    event.preventDefault();
    navigation.push(href);
    window.scrollTo(0, 0);
    return true;
  };
}
