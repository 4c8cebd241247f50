import { useEffectEvent, useId, useLayoutEffect, useRef, type ReactElement, type ReactNode } from "react";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** For what is wider than a form. */
  readonly wide?: boolean;
}

/** A question on top of the page. Esc closes it, and the focus goes back to where it came from. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const closed = useEffectEvent(onClose);
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (shown === null) return undefined;
    const report = (): void => closed();
    shown.addEventListener("close", report);
    shown.showModal();
    return () => {
      // The event comes a moment later, when another dialog may stand here.
      shown.removeEventListener("close", report);
      shown.close();
    };
  }, []);
  return (
    <dialog ref={dialog} className={`dialog ${wide ? "wide" : ""}`} aria-labelledby={titleId}>
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}
