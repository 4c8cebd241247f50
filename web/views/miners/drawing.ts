import type { Reason, Status } from "../../../server/contract/status.ts";
import { ratedLook } from "../../components/ratedLook.ts";
import { STATUS_BOX, STATUS_SHAPES } from "../../components/statusShapes.ts";
import { STATUS_LABELS, statusWord } from "../../format/status.ts";

/**
 * Pieces of the table's cells. They are drawn past React: scrolling shows some hundred cells a second, of which only the text that differs from the
 * last one is written.
 */

/** Gives an element this text and nothing else; the text node that is there is written to. */
export function writeText(element: Element, text: string): void {
  const only = element.childNodes.length === 1 ? element.firstChild : null;
  if (only instanceof Text) only.data = text;
  else element.textContent = text;
}

/** Sets or, with null, takes away an attribute, where that changes anything. */
export function writeAttribute(element: Element, name: string, value: string | null): void {
  if (value === element.getAttribute(name)) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

export function span(className: string, text = ""): HTMLSpanElement {
  const made = document.createElement("span");
  made.className = className;
  made.append(text);
  return made;
}

/** As StatusText has it; the one mark that nearly every row has is drawn by the style sheet, which costs a fraction of a picture. */
export function statusText(status: Status, reason: Reason): HTMLElement {
  const word = statusWord(status, reason);
  if (status === "hashing") return span("st ring", word);
  const text = span("st", word);
  text.prepend(statusMark(status));
  return text;
}

/** As StatusMark has it. */
function statusMark(status: Status): SVGElement {
  const { tag, look, attributes, letter, y } = STATUS_SHAPES[status];
  const label = svg("text", { x: "8", y });
  label.append(letter);
  const mark = svg("svg", {
    ...{ class: `mark mark-${status}`, width: "16", height: "16", viewBox: STATUS_BOX },
    ...{ role: "img", "aria-label": STATUS_LABELS[status] },
  });
  mark.append(svg(tag, { class: look, ...attributes }), label);
  return mark;
}

function svg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS<"svg">("http://www.w3.org/2000/svg", tag as "svg");
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** As RatedBar has it, before the text. */
export function writeRated(cell: Element, { share, stale, text }: { share: number; stale: boolean; text: string }): void {
  if (!(cell.lastChild instanceof Text) || !(cell.firstElementChild instanceof HTMLElement)) {
    const made = span("rated");
    made.setAttribute("role", "img");
    cell.replaceChildren(made, "");
  }
  const [bar, after] = [cell.firstElementChild as HTMLElement, cell.lastChild as Text];
  const { className, label, width } = ratedLook(share, stale);
  if (bar.className !== className) bar.className = className;
  writeAttribute(bar, "aria-label", label);
  bar.style.setProperty("--share", width);
  after.data = text;
}
