import { useId, useRef, useState, type ReactElement, type ReactNode } from "react";
import { flushSync } from "react-dom";
import "./popover.css";

interface PopoverProps {
  /** What the button shows. */
  readonly button: ReactNode;
  /** Name of the button and of what it opens. */
  readonly label: string;
  readonly className?: string;
  /** Which edge of the button the panel keeps to. */
  readonly align?: "start" | "end";
  /** On a phone the panel comes up from the lower edge, as wide as the screen. */
  readonly sheet?: boolean;
  /** What is in the panel while it is open; a press on anything with `data-closes` closes it as well. */
  readonly children: ReactNode;
}

/** A button and the panel that it opens below itself. Esc, a click elsewhere, and the button close it; the browser gives the focus back. */
export function Popover({ button, label, className = "btn quiet", align = "start", sheet = false, children }: PopoverProps): ReactElement {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const place = (): void => {
    if (opener.current === null || panel.current === null) return;
    const { left, right, bottom } = opener.current.getBoundingClientRect();
    const width = panel.current.offsetWidth;
    const wanted = align === "end" ? right - width : left;
    panel.current.style.left = `${Math.max(8, Math.min(wanted, window.innerWidth - width - 8))}px`;
    panel.current.style.top = `${bottom + 4}px`;
    panel.current.style.maxHeight = `${window.innerHeight - bottom - 12}px`;
  };
  return (
    <>
      <button ref={opener} type="button" className={className} popoverTarget={id} aria-label={label} title={label}>
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className={`popover ${sheet ? "sheet" : ""}`}
        role="group"
        aria-label={label}
        onBeforeToggle={(event) => event.newState === "open" && flushSync(() => setOpen(true))} // its place depends on its size
        onToggle={(event) => (event.newState === "open" ? place() : setOpen(false))} // not before: the focus would be lost with what has it
        onClick={({ target }) => target instanceof Element && target.closest("[data-closes]") !== null && panel.current?.hidePopover()}
      >
        {isOpen && children}
      </div>
    </>
  );
}

/** Closes the panel that an element stands in. */
export function closePopover(within: Element): void {
  within.closest<HTMLElement>("[popover]")?.hidePopover();
}

/** For the `ref` of the field that is to be typed into first. */
export function focusFirst(field: HTMLElement | null): void {
  field?.setAttribute("autofocus", ""); // read by the browser when it opens the panel
  field?.focus();
}
