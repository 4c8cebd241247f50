import type { AuditEntry, Settings, StorageForecast, Threshold, Token, User } from "../../server/contract/api.ts";
import { list, ok, refused, type Answer } from "./fakeAnswer.ts";

const threshold = (model: string | null, chipTempC: number): Threshold => ({
  ...{ model, chipTempC, boardTempC: 85, inletTempC: 75, lowHashrateRatio: 0.8 },
  ...{ chipsBadCount: 3, chipsBadRatio: 0.02, rejectRatio: 0.05, hwErrorRatio: 0.02 },
});

/** Settings, users, tokens and the audit log behind the page, changed by its requests. */
export class FakeSettings {
  settings: Settings = {
    pollIntervalMs: null,
    thresholds: [threshold(null, 95), threshold("S9", 115)],
    siteThresholds: {},
    retention: { rawDays: 7, fiveMinutesDays: 90, hourDays: 1095, dayDays: null },
    units: { temperature: "C" },
  };
  storage: StorageForecast = { databaseBytes: 4_210_000_000, bytesPerDay: 182_000_000, freeBytes: 61_000_000_000, fullInDays: 335.4 };
  users: User[] = [{ id: "user1", username: "admin", role: "admin", siteIds: null, createdAtMs: 0, lastSignInAtMs: Date.now() }];
  tokens: Token[] = [];
  audit: AuditEntry[] = Array.from({ length: 130 }, (_, n) => ({
    id: 130 - n,
    atMs: Date.now() - n * 60_000,
    actor: n % 10 === 0 ? "eve" : "admin",
    from: "10.0.0.9",
    action: n % 2 === 0 ? "site.create" : "range.create",
    target: `t${130 - n}`,
    result: n % 10 === 0 ? "refused" : "done",
    detail: n === 0 ? "<img src=x onerror=alert(1)>" : "",
  }));
  /** Bodies of PATCH /settings, in order. */
  readonly changes: Partial<Settings>[] = [];
  #count = 1;

  /** null: not about these. */
  answer(call: string, url: URL, body: Record<string, unknown>): Answer | null {
    const [, method = "", kind = "", id = ""] = /^(\w+) \/(\w+)(?:\/([^/?]+))?/.exec(call) ?? [];
    switch (kind) {
      case "settings":
        if (id === "units") return ok(this.settings.units);
        return id === "storage" ? ok(this.storage) : method === "GET" ? ok(this.settings) : this.#change(body);
      case "users":
        return this.#answerUsers(method, id, body);
      case "tokens":
        return this.#answerTokens(method, id, body);
      case "audit":
        return this.#answerAudit(url.searchParams);
      default:
        return null;
    }
  }

  #change(change: Partial<Settings>): Answer {
    if (change.thresholds?.some(({ model }) => model === "S99") === true) return refused(400, "There is no model S99", "thresholds");
    this.changes.push(change);
    return ok((this.settings = { ...this.settings, ...change }));
  }

  #answerUsers(method: string, id: string, body: Record<string, unknown>): Answer {
    if (method === "GET") return list(this.users);
    if (id === "user1") return refused(409, "This is the last admin of all sites; make another user one first");
    if (method === "DELETE") {
      this.users = this.users.filter((user) => user.id !== id);
      return ok(null, 204);
    }
    if (method === "PATCH") {
      this.users = this.users.map((user) => (user.id === id ? { ...user, ...body } : user));
      return ok(this.users.find((user) => user.id === id));
    }
    if (this.users.some(({ username }) => username === body["username"]))
      return refused(409, `There is a user ${String(body["username"])} already`, "username");
    const user = {
      id: `user${++this.#count}`,
      ...body,
      password: undefined,
      createdAtMs: Date.now(),
      lastSignInAtMs: null,
    } as unknown as User;
    this.users = [...this.users, user];
    return ok(user, 201);
  }

  #answerTokens(method: string, id: string, body: Record<string, unknown>): Answer {
    if (method === "GET") return list(this.tokens);
    if (method === "DELETE") {
      this.tokens = this.tokens.filter((token) => token.id !== id);
      return ok(null, 204);
    }
    const token = { id: `token${++this.#count}`, ...body, createdAtMs: Date.now(), lastUsedAtMs: null } as unknown as Token;
    this.tokens = [...this.tokens, token];
    return ok({ ...token, token: `hwt_${token.id}_secret` }, 201);
  }

  #answerAudit(query: URLSearchParams): Answer {
    const matches = (entry: AuditEntry, field: "actor" | "action"): boolean => [null, entry[field]].includes(query.get(field));
    const all = this.audit.filter((entry) => matches(entry, "actor") && matches(entry, "action"));
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit"));
    return ok({ items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null, totalCount: all.length });
  }
}
