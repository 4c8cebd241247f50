import type { RowFacts } from "./rowFacts.ts";
import type { PlacedColumn } from "./columns.tsx";
import { span, writeAttribute, writeText } from "./drawing.ts";
import { cellClass, pinLeft } from "./tableStyle.ts";

export interface RowLook {
  /** In the order of the table. */
  readonly position: number;
  readonly top: number;
  readonly current: boolean;
  readonly selected: boolean;
  /** An address with the site in it that the page is about. */
  readonly scoped: (address: string) => string;
}

/** One row of the table. The same elements show another miner when it goes out of sight, and only what differs is written. Clicks are the table's. */
export class RowView {
  readonly element = document.createElement("div");
  position = -1;
  readonly #columns: readonly PlacedColumn[];
  readonly #box = span("box");
  readonly #cells: readonly HTMLElement[];
  /** By cell: what it shows, as a text. */
  readonly #shown: string[] = [];
  #selected: boolean | null = null;

  constructor(columns: readonly PlacedColumn[]) {
    this.#columns = columns;
    this.#cells = columns.map(cellOf);
    this.element.setAttribute("role", "row");
    this.#box.setAttribute("role", "checkbox");
    this.#box.tabIndex = -1;
    const tick = cell("tick pin");
    tick.append(this.#box);
    this.element.append(tick, ...this.#cells);
  }

  show(facts: RowFacts, look: RowLook): void {
    this.#place(facts.id, look);
    this.#mark(facts, look);
    this.#columns.forEach((column, nth) => this.#write(nth, column, facts, look));
  }

  #place(id: string, { position, top }: RowLook): void {
    const { element } = this;
    if (element.id !== `row-${id}`) element.id = `row-${id}`;
    if (position === this.position) return;
    this.position = position;
    element.dataset["position"] = String(position);
    element.setAttribute("aria-rowindex", String(position + 2));
    element.style.top = `${top}px`;
  }

  #mark(facts: RowFacts, { current, selected }: RowLook): void {
    const { element } = this;
    const className = current ? "tr current" : "tr";
    if (element.className !== className) element.className = className;
    writeAttribute(element, "data-status", facts.status);
    writeAttribute(element, "data-stale", facts.stale ? "true" : null);
    writeAttribute(this.#box, "aria-label", `Select ${facts.text("name")}`);
    if (selected === this.#selected) return;
    this.#selected = selected;
    element.setAttribute("aria-selected", String(selected));
    this.#box.setAttribute("aria-checked", String(selected));
  }

  #write(nth: number, column: PlacedColumn, facts: RowFacts, { scoped }: RowLook): void {
    const element = this.#cells[nth];
    if (column.title !== undefined) writeAttribute(element, "title", column.title(facts) ?? null);
    const content = column.cell(facts, scoped);
    const key = typeof content === "string" ? content : `/${content.key}`;
    if (key === this.#shown[nth]) return;
    this.#shown[nth] = key;
    if (typeof content === "string") writeText(element, content);
    else content.draw(element);
  }
}

function cellOf(column: PlacedColumn): HTMLElement {
  const made = cell(`${cellClass(column)} ${column.look}`);
  if (column.pinned) made.style.setProperty("--left", pinLeft(column));
  return made;
}

function cell(className: string): HTMLElement {
  const made = document.createElement("div");
  made.className = className;
  made.setAttribute("role", "gridcell");
  return made;
}
