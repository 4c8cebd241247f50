import type { Site } from "../../../server/contract/api.ts";
import { getSites } from "../../api/sites.ts";

/** The sites that the reader may see, loaded once and again when one is made, renamed or removed. */
export class SiteList {
  /** null until the first answer. */
  items: readonly Site[] | null = null;
  #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Where the server does not answer, what is held stays: the header says how the connection stands. */
  async load(): Promise<void> {
    try {
      this.items = (await getSites(new AbortController().signal)).items;
    } catch {
      this.items ??= [];
    }
    for (const listener of this.#listeners) listener();
  }

  nameOf(siteId: string): string {
    return this.items?.find((site) => site.id === siteId)?.name ?? siteId;
  }
}
