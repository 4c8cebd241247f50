import type { View } from "../../server/contract/api.ts";
import { list, ok, refused, type Answer } from "./fakeAnswer.ts";

/** Saved views behind the page, changed by its requests, for one reader. */
export class FakeViews {
  items: View[] = [];
  /** What the next change is refused with, null for nothing. */
  refusal: Answer | null = null;
  /** Nobody gets the list. */
  isDown = false;
  #count = 0;

  /** A view as somebody saved it; `owner` of the reader unless told. */
  add(view: Partial<View> & Pick<View, "name" | "query">): View {
    const added = { id: `view${++this.#count}`, owner: "maria", shared: false, createdAtMs: 0, ...view };
    this.items = [...this.items, added];
    return added;
  }

  /** null: not about views. */
  answer(call: string, body: Record<string, unknown>, reader: string): Answer | null {
    const [, method = "", id = ""] = /^(\w+) \/views(?:\/([^/?]+))?$/.exec(call) ?? [];
    if (method === "") return null;
    if (method === "GET" && this.isDown) return refused(503, "The store is not open yet; try again");
    if (method === "GET") return list(this.items.filter(({ owner, shared }) => owner === reader || shared));
    if (this.refusal !== null) {
      const refusal = this.refusal;
      this.refusal = null;
      return refusal;
    }
    const isTaken = this.items.some(({ id: other, name }) => other !== id && name === body["name"]);
    if (isTaken) return refused(409, "A view with this name is there already; choose another name", "name");
    if (method === "POST") return ok(this.add({ owner: reader, ...(body as Pick<View, "name" | "query">) }), 201);
    if (method === "PATCH") this.items = this.items.map((view) => (view.id === id ? { ...view, ...body } : view));
    else this.items = this.items.filter((view) => view.id !== id);
    return method === "PATCH" ? ok(this.items.find((view) => view.id === id)) : ok(null, 204);
  }
}
