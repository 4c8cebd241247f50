import { useLayoutEffect, useRef, type ComponentProps, type ReactElement } from "react";
import { useParts } from "../context.ts";
import { TableBody, type Shown } from "./tableBody.ts";

type RowsProps = Shown & Pick<ComponentProps<"div">, "onClick" | "onMouseDown" | "onPointerOver" | "onPointerDown">;

/** Room for all rows, right inside of what scrolls; those in sight are put there by TableBody. */
export function TableRows({ source, rows, columns, current, rowHeight, ...hands }: RowsProps): ReactElement {
  const { fleet, seconds, selection, navigation } = useParts();
  const host = useRef<HTMLDivElement>(null);
  const body = useRef<TableBody>(null);
  useLayoutEffect(() => {
    // A child's effects run before the parent's refs are there.
    const scroller = host.current?.parentElement;
    if (host.current === null || scroller == null) return undefined;
    const opened = new TableBody({ host: host.current, scroller, fleet, seconds, selection, navigation });
    body.current = opened;
    return () => opened.close();
  }, [fleet, seconds, selection, navigation]);
  useLayoutEffect(() => body.current?.show({ source, rows, columns, current, rowHeight }), [source, rows, columns, current, rowHeight]);
  return <div ref={host} className="rows" role="rowgroup" style={{ height: rows.length * rowHeight }} {...hands} />;
}
