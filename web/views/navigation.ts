/** Where the reader is: the address bar is the only place that knows. */
export class Navigation {
  #listeners = new Set<() => void>();
  #site: { readonly address: string; readonly id: string | null } | null = null;

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
    this.#go(this.scoped(address));
  }

  /** The same page about another site, or about all of them. */
  pickSite(siteId: string | null): void {
    const url = new URL(this.current(), window.location.origin);
    url.searchParams.delete("site");
    this.#go(withSite(`${url.pathname}${url.search}`, siteId));
  }

  /** The site of the current address; read once per address, as every link asks. */
  site = (): string | null => {
    const address = this.current();
    if (this.#site?.address !== address) this.#site = { address, id: siteOf(address) };
    return this.#site.id;
  };

  /** An address that names no site stays with the one that is shown. */
  scoped(address: string): string {
    return withSite(address, this.site());
  }

  /** A change within a step, such as a letter typed into the search. */
  replace(address: string): void {
    window.history.replaceState(null, "", this.scoped(address));
    this.#notify();
  }

  #go(address: string): void {
    if (address === this.current()) return;
    window.history.pushState(null, "", address);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The site that an address is about, null for all of them. */
export function siteOf(address: string): string | null {
  return new URL(address, "http://page.invalid").searchParams.get("site");
}

/** The address with this site in it; one that names a site already stays as it is. */
export function withSite(address: string, siteId: string | null): string {
  if (siteId === null || siteOf(address) !== null) return address;
  return `${address}${address.includes("?") ? "&" : "?"}site=${encodeURIComponent(siteId)}`;
}

/** Whether an address shows its page as a wall: full screen, for a control room. */
export function isWall(address: string): boolean {
  return new URL(address, "http://page.invalid").searchParams.has("wall");
}

/** What an address says of a page and of its wall alike. */
const OF_BOTH = ["site", "range", "by", "group"];

/** The wall of a page; of the fleet where the page has none. Walls show now, and nothing that is selected. */
export function wallAddress(address: string): string {
  const { searchParams } = new URL(address, "http://page.invalid");
  const { page } = routeOf(address);
  const kept = [...searchParams].filter(([name]) => (page === "fleet" || page === "map" ? OF_BOTH : ["site"]).includes(name));
  return `${page === "map" ? "/map" : "/"}?${[...kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`), "wall"].join("&")}`;
}

/** The page that a wall shows, as everybody knows it. */
export function leaveWallAddress(address: string): string {
  const { pathname, searchParams } = new URL(address, "http://page.invalid");
  for (const name of ["wall", "rotate", "each"]) searchParams.delete(name);
  const query = searchParams.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}

export type Route =
  | { readonly page: "fleet"; readonly search: string }
  | { readonly page: "miners"; readonly search: string }
  | { readonly page: "miner"; readonly minerId: string; readonly search: string }
  | { readonly page: "map"; readonly search: string }
  | { readonly page: "incidents"; readonly search: string }
  | { readonly page: "incident"; readonly incidentId: string; readonly search: string }
  | { readonly page: "alertRules" }
  | { readonly page: "silences" }
  | { readonly page: "channels" }
  | { readonly page: "sites" }
  | { readonly page: "firstRun" }
  | { readonly page: "settings"; readonly search: string }
  | { readonly page: "notFound"; readonly path: string };

/** The page that an address names. The start page is the fleet. */
export function routeOf(address: string): Route {
  const { pathname, search } = new URL(address, "http://page.invalid");
  const path = pathname.replace(/\/+$/, "");
  if (path === "") return { page: "fleet", search };
  if (path === "/miners") return { page: "miners", search };
  const minerId = /^\/miners\/([^/]+)$/.exec(path)?.[1];
  if (minerId !== undefined) return { page: "miner", minerId: decoded(minerId), search };
  if (path === "/map") return { page: "map", search };
  if (path === "/incidents") return { page: "incidents", search };
  if (path === "/incidents/rules") return { page: "alertRules" };
  if (path === "/incidents/silences") return { page: "silences" };
  if (path === "/incidents/channels") return { page: "channels" };
  const incidentId = /^\/incidents\/([^/]+)$/.exec(path)?.[1];
  if (incidentId !== undefined) return { page: "incident", incidentId: decoded(incidentId), search };
  if (path === "/first-run") return { page: "firstRun" };
  if (path === "/settings") return { page: "settings", search };
  return path === "/sites" ? { page: "sites" } : { page: "notFound", path: pathname };
}

export function minerAddress(minerId: string): string {
  return `/miners/${encodeURIComponent(minerId)}`;
}

export function incidentAddress(incidentId: string): string {
  return `/incidents/${encodeURIComponent(incidentId)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
