import type { RowSource } from "../../live/fields.ts";
import type { Parts } from "../context.ts";
import type { PlacedColumn } from "./columns.tsx";
import { rowFacts } from "./rowFacts.ts";
import { RowView } from "./rowView.ts";
import { rowsInSight } from "./rowWindow.ts";

/** So many rows exist on either side of those in sight. */
const BEYOND = 8;
/** Rows stand in the document in any order while they are scrolled, and in their own once that rests. */
const REST_MS = 150;

export interface Shown {
  readonly source: RowSource;
  readonly rows: Uint32Array;
  readonly columns: readonly PlacedColumn[];
  /** Position of the row that the keys are at, -1 for none. */
  readonly current: number;
  readonly rowHeight: number;
}

interface BodyInput extends Pick<Parts, "fleet" | "seconds" | "selection" | "navigation"> {
  /** Gets the rows. */
  readonly host: HTMLElement;
  readonly scroller: HTMLElement;
}

/** The rows in sight and a few on either side, drawn past React at most once per frame: what scrolls out shows what scrolls in. */
export class TableBody {
  #shown: Shown | null = null;
  /** Rows that are there may show what no longer holds, besides those that scrolling brings in. */
  #isOutdated = true;
  /** By position. */
  #views = new Map<number, RowView>();
  /** Of the scroller, as last seen: to ask in the middle of a change would have the page laid out then and there. */
  #sight = { scrollTop: 0, height: 0 };
  #frame: number | undefined;
  #rest: number | undefined;
  readonly #input: BodyInput;
  readonly #closers: (() => void)[];

  constructor(input: BodyInput) {
    this.#input = input;
    const { host, scroller, fleet, seconds, selection, navigation } = input;
    host.replaceChildren();
    const changed = (): void => {
      this.#isOutdated = true;
      this.#drawLater();
    };
    const scrolled = (): void => this.#scrolled();
    const resized = new ResizeObserver(() => {
      this.#look();
      this.#drawLater();
    });
    resized.observe(scroller);
    scroller.addEventListener("scroll", scrolled, { passive: true });
    this.#closers = [
      () => resized.disconnect(),
      () => scroller.removeEventListener("scroll", scrolled),
      ...[fleet, seconds, selection, navigation].map((part) => part.subscribe(changed)),
    ];
  }

  /** The rows stay until the host goes, as a whole, or another body begins in it. */
  close(): void {
    for (const close of this.#closers) close();
    window.clearTimeout(this.#rest);
    if (this.#frame !== undefined) window.cancelAnimationFrame(this.#frame);
  }

  /** Draws at once. */
  show(shown: Shown): void {
    const isOtherTable = shown.columns !== this.#shown?.columns;
    const isOtherLength = shown.rows.length !== this.#shown?.rows.length; // fewer rows may end above what was in sight
    this.#shown = shown;
    this.#isOutdated = true;
    if (isOtherTable) this.#clear();
    if (isOtherLength) this.#look();
    this.#draw();
    this.#sort();
  }

  #clear(): void {
    this.#views.clear();
    this.#input.host.replaceChildren();
  }

  #look(): void {
    const { scrollTop, clientHeight } = this.#input.scroller;
    this.#sight = { scrollTop, height: clientHeight };
  }

  #scrolled(): void {
    this.#look();
    this.#drawLater();
    window.clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#sort(), REST_MS);
  }

  #drawLater(): void {
    this.#frame ??= window.requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    if (this.#frame !== undefined) window.cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    if (this.#shown === null) return;
    const { host } = this.#input;
    const { rows, rowHeight, columns } = this.#shown;
    const { from, to } = rowsInSight({ ...this.#sight, rowHeight, count: rows.length }, BEYOND);
    const free = [...this.#views.values()].filter(({ position }) => position < from || position >= to);
    for (const { position } of free) this.#views.delete(position);
    const added: RowView[] = [];
    for (let position = from; position < to; position++) {
      const view = this.#views.get(position) ?? free.pop() ?? addTo(added, new RowView(columns));
      this.#views.set(position, view);
      if (this.#isOutdated || view.position !== position) this.#showRow(view, position, this.#shown);
    }
    this.#isOutdated = false;
    host.append(...added.map(({ element }) => element));
    for (const { element } of free) element.remove();
  }

  #showRow(view: RowView, position: number, { source, rows, current, rowHeight }: Shown): void {
    const { fleet, seconds, selection, navigation } = this.#input;
    const facts = rowFacts(source, rows[position], seconds.nowMs());
    view.show(facts, {
      position,
      top: position * rowHeight,
      current: position === current,
      selected: selection.ids.size > 0 && selection.ids.has(fleet.idOf(rows[position])),
      scoped: (address) => navigation.scoped(address),
    });
  }

  /** Puts the rows into the order in which they are read out. */
  #sort(): void {
    const { host } = this.#input;
    let next: Element | null = null;
    for (const { element } of [...this.#views.values()].sort((a, b) => b.position - a.position)) {
      if (element.nextElementSibling !== next) host.insertBefore(element, next);
      next = element;
    }
  }
}

function addTo<T>(list: T[], item: T): T {
  list.push(item);
  return item;
}
