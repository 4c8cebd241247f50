/** Where the reader is: the address bar is the only place that knows. */
export class Navigation {
  #listeners = new Set<() => void>();

  constructor() {
    window.addEventListener("popstate", () => this.#notify());
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Path and query, without what follows `#`: that may be a secret. */
  current = (): string => window.location.pathname + window.location.search;

  /** A step that the back button undoes. */
  push(address: string): void {
    if (address === this.current()) return;
    window.history.pushState(null, "", address);
    this.#notify();
  }

  /** A change within a step, such as a letter typed into the search. */
  replace(address: string): void {
    window.history.replaceState(null, "", address);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

export type Route =
  | { readonly page: "miners"; readonly search: string }
  | { readonly page: "miner"; readonly minerId: string; readonly search: string }
  | { readonly page: "sites" }
  | { readonly page: "notFound"; readonly path: string };

/** The page that an address names. The start page is the table. */
export function routeOf(address: string): Route {
  const { pathname, search } = new URL(address, "http://page.invalid");
  const path = pathname.replace(/\/+$/, "");
  if (path === "" || path === "/miners") return { page: "miners", search };
  const minerId = /^\/miners\/([^/]+)$/.exec(path)?.[1];
  if (minerId !== undefined) return { page: "miner", minerId: decoded(minerId), search };
  return path === "/sites" ? { page: "sites" } : { page: "notFound", path: pathname };
}

export function minerAddress(minerId: string): string {
  return `/miners/${encodeURIComponent(minerId)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
