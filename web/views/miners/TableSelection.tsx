import { useEffect, useEffectEvent, type ReactElement } from "react";
import { isTyping } from "../../components/isTyping.ts";
import { Link } from "../../components/Link.tsx";
import { formatNumber } from "../../format/number.ts";
import { useParts, useSelectedIds } from "../context.ts";
import { SelectionBar } from "../SelectionBar.tsx";

interface SelectionProps {
  /** The rows that match. */
  readonly rows: Uint32Array;
  /** Those of them that are selected; null where nothing is. */
  readonly picked: Uint32Array | null;
}

/** What is selected and can be done with it. Selected miners that the filter leaves out are counted, so that nobody acts on them unseen. */
export function TableSelection({ rows, picked }: SelectionProps): ReactElement {
  const { fleet, selection } = useParts();
  const ids = useSelectedIds();
  useEscape(() => selection.clear());
  const shownCount = picked?.length ?? 0;
  const selectAll = (): void => selection.replace(Array.from(rows, (row) => fleet.idOf(row)));
  return (
    <SelectionBar onCleared={focusTable}>
      {shownCount < ids.size && <span className="muted">{formatNumber(ids.size - shownCount)} of them not in this list</span>}
      {shownCount < rows.length && (
        <button type="button" className="btn quiet" onClick={selectAll}>
          Select all {formatNumber(rows.length)}
          <span className="unseen"> that match</span>
        </button>
      )}
      <Link className="btn" href="/map">
        Map
      </Link>
    </SelectionBar>
  );
}

function focusTable(): void {
  document.querySelector<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
}

/** Esc, unless it closes a panel or a dialog, or leaves what is being typed. */
function useEscape(onEscape: () => void): void {
  const escape = useEffectEvent(onEscape);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const isForAnother = isTyping(event.target) || document.querySelector(":popover-open, dialog[open]") !== null;
      if (event.key === "Escape" && !isForAnother) escape();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}
