import { STATUSES, type Status } from "../../../server/contract/status.ts";
import { SORT_KEYS, type RowQuery, type SortKey } from "../../live/order.ts";

export const DEFAULT_QUERY: RowQuery = { statuses: [], text: "", sort: "name", descending: false };

export const NEEDS_ATTENTION: readonly Status[] = ["degraded", "notHashing", "unreachable"];

export interface ParsedQuery {
  readonly query: RowQuery;
  /** One sentence for each part of the address that is not understood; the rest holds. */
  readonly problems: readonly string[];
}

/** Reads `?status=a,b&q=text&sort=-hashrateHs`. What is wrong is named and left out. */
export function parseMinersQuery(search: string): ParsedQuery {
  const params = new URLSearchParams(search);
  const problems: string[] = [];
  const statuses = parseStatuses(params.get("status"), problems);
  const sortText = params.get("sort") ?? DEFAULT_QUERY.sort;
  const sort = parseSort(sortText.replace(/^-/, ""), problems);
  for (const name of new Set(params.keys()))
    if (!["status", "q", "sort", "site"].includes(name)) problems.push(`“${name}” is not known here. Known are status, q and sort.`);
  return {
    query: {
      statuses,
      text: params.get("q") ?? "",
      sort: sort ?? DEFAULT_QUERY.sort,
      descending: sort !== null && sortText.startsWith("-"),
    },
    problems,
  };
}

function parseStatuses(text: string | null, problems: string[]): Status[] {
  const asked = (text ?? "").split(",").filter(Boolean);
  for (const word of asked) if (!isStatus(word)) problems.push(`There is no status “${word}”. Known are ${STATUSES.join(", ")}.`);
  return STATUSES.filter((status) => asked.includes(status));
}

function isStatus(word: string): word is Status {
  return (STATUSES as readonly string[]).includes(word);
}

function parseSort(name: string, problems: string[]): SortKey | null {
  const sort = SORT_KEYS.find((key) => key === name);
  if (sort === undefined) problems.push(`The table cannot be sorted by “${name}”. Known are ${SORT_KEYS.join(", ")}.`);
  return sort ?? null;
}

/** The address of the table with this question; what is as by default is left out. */
export function minersAddress({ statuses, text, sort, descending }: RowQuery): string {
  const params = new URLSearchParams();
  if (statuses.length > 0) params.set("status", statuses.join(","));
  if (text !== "") params.set("q", text);
  if (sort !== DEFAULT_QUERY.sort || descending) params.set("sort", `${descending ? "-" : ""}${sort}`);
  const query = params.toString().replaceAll("%2C", ",");
  return query === "" ? "/miners" : `/miners?${query}`;
}

/** Numbers are first asked for from the top, names from A: the first click says so, the second turns it round. */
export function nextSort({ sort, descending }: RowQuery, clicked: SortKey): Pick<RowQuery, "sort" | "descending"> {
  if (sort === clicked) return { sort, descending: !descending };
  return { sort: clicked, descending: !ASCENDING_FIRST.has(clicked) };
}

const ASCENDING_FIRST: ReadonlySet<SortKey> = new Set(["name", "model", "address", "pool", "worker", "fanRpmMin", "ratedShare"]);
