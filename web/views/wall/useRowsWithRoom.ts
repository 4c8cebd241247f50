import { useEffect, useState, type RefObject } from "react";

/** Rows of a table that its panel has room for, from the height of those that are there, however many there are; the least before that is known. */
export function useRowsWithRoom(panel: RefObject<HTMLElement | null>, { least, rowCount }: { least: number; rowCount: number }): number {
  const [count, setCount] = useState(least);
  useEffect(() => {
    const element = panel.current;
    if (element === null) return;
    const measured = new ResizeObserver(() => {
      const row = element.querySelector("tbody tr")?.getBoundingClientRect();
      const first = element.querySelector("tbody")?.getBoundingClientRect();
      if (row === undefined || first === undefined || row.height === 0) return;
      setCount(Math.max(least, Math.floor((element.getBoundingClientRect().bottom - first.top) / row.height)));
    });
    measured.observe(element);
    return () => measured.disconnect();
  }, [panel, least, rowCount]);
  return count;
}
