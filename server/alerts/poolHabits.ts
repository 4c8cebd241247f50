import { z } from "zod";
import type { Sample } from "../contract/sample.ts";
import type { AlertCondition } from "../contract/incidents.ts";
import { StoreError } from "../errors.ts";
import type { RecordStore } from "../store/store.ts";

/** What is seen in this time of a site is taken for how it should be. */
const LEARN_MS = 24 * 60 * 60_000;
const SEEN_MAX = 10_000;

const Habit = z.object({ sinceMs: z.number(), pools: z.array(z.string()), accounts: z.array(z.string()) });

interface SiteHabit {
  readonly sinceMs: number;
  readonly pools: Set<string>;
  readonly accounts: Set<string>;
}

/** The pools and accounts that each site mined for on its first day, for rules without patterns of their own. */
export class PoolHabits {
  readonly #sites = new Map<string, SiteHabit>();
  readonly #changed = new Set<string>();

  /** Rejects with StoreError where a record cannot be read. */
  static async open(records: Pick<RecordStore, "load">): Promise<PoolHabits> {
    const habits = new PoolHabits();
    for (const { id, document } of await records.load("poolHabit")) {
      const read = Habit.safeParse(document);
      if (!read.success) throw new StoreError(`Cannot read record poolHabit/${id}`);
      const { sinceMs, pools, accounts } = read.data;
      habits.#sites.set(id, { sinceMs, pools: new Set(pools), accounts: new Set(accounts) });
    }
    return habits;
  }

  /** Takes a sample of the first day as it is; later ones teach nothing. */
  learn({ pools }: Sample, siteId: string, nowMs: number): void {
    if (pools.length === 0) return;
    const site = this.#siteOf(siteId, nowMs);
    if (nowMs - site.sinceMs > LEARN_MS) return;
    for (const { url, worker } of pools) {
      if (this.#add(site.pools, hostOf(url))) this.#changed.add(siteId);
      if (this.#add(site.accounts, accountOf(worker))) this.#changed.add(siteId);
    }
  }

  isUsual({ pools }: Sample, siteId: string): boolean {
    const site = this.#sites.get(siteId);
    if (site === undefined) return true;
    return pools.every(
      ({ url, worker, status }) => status === "disabled" || (site.pools.has(hostOf(url)) && site.accounts.has(accountOf(worker))),
    );
  }

  /** Writes what was learnt since the last time. */
  async save(records: Pick<RecordStore, "apply">): Promise<void> {
    if (this.#changed.size === 0) return;
    const siteIds = [...this.#changed];
    this.#changed.clear();
    const changes = siteIds.map((id) => {
      const site = this.#sites.get(id);
      const document = site && { sinceMs: site.sinceMs, pools: [...site.pools], accounts: [...site.accounts] };
      return { kind: "poolHabit" as const, id, document: document ?? null };
    });
    try {
      await records.apply(changes);
    } catch (error) {
      for (const id of siteIds) this.#changed.add(id);
      throw error;
    }
  }

  #siteOf(siteId: string, nowMs: number): SiteHabit {
    const known = this.#sites.get(siteId);
    if (known) return known;
    const site = { sinceMs: nowMs, pools: new Set<string>(), accounts: new Set<string>() };
    this.#sites.set(siteId, site);
    this.#changed.add(siteId);
    return site;
  }

  #add(seen: Set<string>, text: string): boolean {
    if (seen.has(text) || seen.size >= SEEN_MAX) return false;
    seen.add(text);
    return true;
  }
}

/** Are the pools of a sample allowed? By the rule's patterns, or, where it has none, by the site's first day. */
export function poolJudge(condition: AlertCondition, habits: Pick<PoolHabits, "isUsual">): (sample: Sample, siteId: string) => boolean {
  if (condition.kind !== "poolOutside") return () => true;
  if (condition.pools.length === 0 && condition.workers.length === 0) return (sample, siteId) => habits.isUsual(sample, siteId);
  const pools = matcherOf(condition.pools);
  const workers = matcherOf(condition.workers);
  return ({ pools: used }) =>
    used.every(({ url, worker, status }) => status === "disabled" || ((pools(url) || pools(hostOf(url))) && workers(worker)));
}

/** Texts repeat for every machine and poll: each is compared once. */
function matcherOf(patterns: readonly string[]): (text: string) => boolean {
  if (patterns.length === 0) return () => true;
  const expressions = patterns.map((pattern) => new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "i"));
  const known = new Map<string, boolean>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const matches = expressions.some((expression) => expression.test(text));
    if (known.size < SEEN_MAX) known.set(text, matches);
    return matches;
  };
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

/** `stratum+tcp://Pool.example:3333/x` → `pool.example:3333`. */
function hostOf(url: string): string {
  return url
    .replace(/^[a-z0-9+.-]+:\/\//i, "")
    .split("/", 1)[0]
    .toLowerCase();
}

/** Workers of one account are `account.worker`. */
const accountOf = (worker: string): string => worker.split(".", 1)[0].toLowerCase();
