import { useEffect, type RefObject } from "react";

/**
 * Marks the scroller with `data-wide` while its columns are wider than it is.
 *
 * Only then are pinned cells sticky: the browser gives each sticky cell a layer of its own, a hundred for a screen of rows, and moves and blends
 * them all with every scrolled frame.
 */
export function useWideMark(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const resized = new ResizeObserver(() => element.toggleAttribute("data-wide", element.scrollWidth > element.clientWidth));
    for (const box of [element, ...element.children]) resized.observe(box);
    return () => resized.disconnect();
  }, [scroller]);
}
