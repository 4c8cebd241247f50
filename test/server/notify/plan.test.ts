import { describe, expect, it } from "vitest";
import { NotificationRoute, RouteBody } from "../../../server/contract/channels.ts";
import type { Incident } from "../../../server/contract/incidents.ts";
import type { IncidentNews } from "../../../server/incidents/news.ts";
import type { Budget } from "../../../server/notify/budget.ts";
import { planDue, planNews, type Plan, type PlanChannel } from "../../../server/notify/plan.ts";
import { sampleIncident } from "../../../server/notify/sample.ts";
import type { Told } from "../../../server/notify/told.ts";

const T0 = Date.UTC(2026, 10, 24, 3);
const MINUTE_MS = 60_000;
const HOOK: PlanChannel = { id: "hook", enabled: true, budgetPerHour: 20, canEdit: false, resolves: false };
const CHAT: PlanChannel = { ...HOOK, id: "chat", canEdit: true };

/** Plays news and the passing of time to the planner, and keeps what it says. */
class Stage {
  told: Told | null = null;
  budgets: ReadonlyMap<string, Budget> = new Map();
  readonly sent: string[] = [];
  readonly recorded: string[] = [];
  readonly channels: PlanChannel[];
  readonly routes: NotificationRoute[];
  #seq = 0;

  constructor(channels: PlanChannel[] = [HOOK], routes: NotificationRoute[] = []) {
    this.channels = channels;
    this.routes = routes;
  }

  news(atMs: number, kind: IncidentNews["kind"], fields: Partial<Incident> = {}): void {
    const incident = incidentOf(fields);
    const news = { seq: ++this.#seq, atMs, kind, reason: null, suppressedBy: incident.suppressedBy, incident };
    this.#take(planNews(this, news, this.#world(atMs)));
  }

  clock(atMs: number, fields: Partial<Incident> = {}): void {
    this.#take(planDue(this, incidentOf(fields), this.#world(atMs)));
  }

  #world = (nowMs: number) => ({ channels: this.channels, routes: this.routes, nowMs });
  #take(plan: Plan): void {
    this.told = plan.told;
    this.budgets = plan.budgets;
    for (const { event, channelId, suppressed } of plan.messages)
      (suppressed === null ? this.sent : this.recorded).push(`${event} ${channelId}`);
  }
}

function incidentOf(fields: Partial<Incident>): Incident {
  return { ...sampleIncident("opened", T0), openedAtMs: T0, id: "i1", severity: "warning", ...fields };
}
function routeOf(fields: object): NotificationRoute {
  return { id: "r1", createdAtMs: 0, ...RouteBody.parse({ name: "r1", channelIds: ["hook"], ...fields }) };
}

describe("planNews() and planDue()", () => {
  it("tell once that it opens and once that it closes; members and notes send nothing", () => {
    const stage = new Stage();
    stage.news(T0, "opened");
    stage.news(T0 + 1000, "updated");
    stage.news(T0 + 2000, "opened");
    stage.news(T0 + 3000, "closed", { state: "closed" });
    stage.news(T0 + 4000, "closed", { state: "closed" });
    expect(stage.sent).toEqual(["opened hook", "closed hook"]);
    expect(stage.told).toBe(null);
  });

  it("tell a change after it has settled, and at most one in ten minutes", () => {
    const stage = new Stage();
    stage.news(T0, "opened");
    stage.news(T0 + 1000, "changed", { severity: "critical" });
    stage.clock(T0 + 30_999, { severity: "critical" });
    expect(stage.sent).toEqual(["opened hook"]);
    stage.clock(T0 + 31_000, { severity: "critical" });
    const site = { severity: "critical", scope: { kind: "site", id: "s1", name: "Main" } } as const;
    stage.news(T0 + 60_000, "changed", site);
    stage.clock(T0 + 91_000, site);
    expect(stage.sent).toEqual(["opened hook", "changed hook"]);
    stage.clock(T0 + 31_000 + 10 * MINUTE_MS, site);
    expect(stage.sent).toEqual(["opened hook", "changed hook", "changed hook"]);
  });

  it("bring up to date where that can be, in place of a message", () => {
    const stage = new Stage([CHAT]);
    stage.news(T0, "opened");
    stage.news(T0 + 500, "updated", { lostHashes: 1e18 });
    stage.clock(T0 + 500, { lostHashes: 1e18 });
    stage.news(T0 + 1000, "updated", { firingCount: 45 });
    stage.clock(T0 + 1000, { firingCount: 45 });
    stage.news(T0 + 2000, "changed", { severity: "critical" });
    stage.clock(T0 + 15_999, { severity: "critical" });
    expect(stage.sent).toEqual(["opened chat", "edited chat"]);
    stage.clock(T0 + 16_000, { severity: "critical" });
    stage.news(T0 + 20_000, "closed", { state: "closed" });
    expect(stage.sent).toEqual(["opened chat", "edited chat", "edited chat", "edited chat", "closed chat"]);
  });

  it("record what is silenced, and send no end of what nobody heard begin", () => {
    const stage = new Stage();
    stage.news(T0, "opened", { suppressedBy: "maintenance" });
    stage.news(T0 + 1000, "closed", { state: "closed" });
    expect([stage.sent, stage.recorded]).toEqual([[], ["opened hook"]]);
  });

  it("tell nobody of the end of an incident that became part of another", () => {
    const stage = new Stage();
    stage.news(T0, "opened");
    stage.news(T0 + 1000, "closed", { state: "closed", mergedIntoId: "i2" });
    expect(stage.sent).toEqual(["opened hook"]);
  });

  it("hold back beyond the budget, but not what is graver or larger than all of the hour", () => {
    const stage = new Stage([{ ...HOOK, budgetPerHour: 2 }]);
    for (const id of ["i1", "i2", "i3"]) {
      stage.told = null;
      stage.news(T0, "opened", { id });
    }
    expect([stage.sent.length, stage.budgets.get("hook")?.heldBack.map((held) => held.id)]).toEqual([2, ["i3"]]);
    stage.news(T0 + 1000, "closed", { id: "i3", state: "closed" });
    stage.news(T0 + 2000, "opened", { id: "i4", severity: "critical" });
    expect(stage.sent).toEqual(["opened hook", "opened hook", "opened hook"]);
  });

  it("ask further channels where nobody acknowledges in time", () => {
    const boss = { ...HOOK, id: "boss" };
    const routes = [routeOf({ escalation: [{ afterMinutes: 15, channelIds: ["boss"] }] })];
    const stage = new Stage([HOOK, boss], routes);
    stage.news(T0, "opened");
    stage.clock(T0 + 15 * MINUTE_MS - 1);
    expect(stage.sent).toEqual(["opened hook"]);
    stage.clock(T0 + 15 * MINUTE_MS);
    stage.clock(T0 + 16 * MINUTE_MS);
    stage.news(T0 + 17 * MINUTE_MS, "closed", { state: "closed" });
    expect(stage.sent).toEqual(["opened hook", "opened boss", "closed hook", "closed boss"]);
    const calm = new Stage([HOOK, boss], routes);
    calm.news(T0, "opened");
    calm.clock(T0 + 15 * MINUTE_MS, { state: "acknowledged" });
    expect(calm.sent).toEqual(["opened hook"]);
  });

  it("wait for the end of quiet hours, and tell then what still stands", () => {
    const quietHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "22:00", to: "06:00" }];
    const stage = new Stage([HOOK], [routeOf({ timeZone: "Europe/Berlin", quietHours })]);
    stage.news(T0, "opened"); // 04:00 there
    stage.clock(T0 + 119 * MINUTE_MS);
    expect([stage.sent, stage.recorded]).toEqual([[], ["opened hook"]]);
    stage.clock(T0 + 120 * MINUTE_MS);
    expect(stage.sent).toEqual(["opened hook"]);
  });

  it("tell the end after quiet hours where it came in them", () => {
    const quietHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "03:30", to: "06:00" }];
    const stage = new Stage([HOOK], [routeOf({ timeZone: "UTC", quietHours })]);
    const closed = { state: "closed", closedAtMs: T0 + 40 * MINUTE_MS } as const;
    stage.news(T0, "opened"); // 03:00
    stage.news(T0 + 40 * MINUTE_MS, "closed", closed);
    stage.clock(T0 + 179 * MINUTE_MS, closed);
    expect([stage.sent, stage.recorded]).toEqual([["opened hook"], ["closed hook"]]);
    stage.clock(T0 + 180 * MINUTE_MS, closed);
    expect([stage.sent, stage.told]).toEqual([["opened hook", "closed hook"], null]);
  });

  it("tell when the hours of a route begin of what is still open and nobody has in hand, once", () => {
    const hours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "06:00", to: "18:00" }];
    const routes = [routeOf({ hours, escalation: [{ afterMinutes: 15, channelIds: ["boss"] }] })];
    const boss = { ...HOOK, id: "boss" };
    const stage = new Stage([HOOK, boss], routes);
    stage.news(T0, "opened"); // 03:00
    stage.clock(T0 + 179 * MINUTE_MS);
    expect([stage.sent, stage.recorded]).toEqual([[], []]);
    for (let minute = 180; minute <= 200; minute++) stage.clock(T0 + minute * MINUTE_MS);
    expect(stage.sent).toEqual(["opened hook", "opened boss"]);
    stage.news(T0 + 16 * 60 * MINUTE_MS, "closed", { state: "closed" }); // 19:00
    expect(stage.sent).toEqual(["opened hook", "opened boss", "closed hook", "closed boss"]);

    for (const state of ["acknowledged", "closed"] as const) {
      const calm = new Stage([HOOK], [routeOf({ hours })]);
      calm.news(T0, "opened");
      calm.news(T0 + MINUTE_MS, state === "closed" ? "closed" : "updated", { state });
      for (let minute = 2; minute <= 200; minute++) calm.clock(T0 + minute * MINUTE_MS, { state });
      expect([calm.sent, calm.recorded]).toEqual([[], []]);
    }
  });

  it("hand over from the route of the day to that of the night, and tell no channel twice", () => {
    const days = [1, 2, 3, 4, 5, 6, 7];
    const night = { ...HOOK, id: "night" };
    const routes = [
      routeOf({ hours: [{ days, from: "02:00", to: "04:00" }] }),
      routeOf({ hours: [{ days, from: "04:00", to: "02:00" }], channelIds: ["hook", "night"] }),
    ];
    const stage = new Stage([HOOK, night], routes);
    stage.news(T0, "opened");
    expect(stage.sent).toEqual(["opened hook"]);
    for (let minute = 1; minute <= 24 * 60; minute++) stage.clock(T0 + minute * MINUTE_MS);
    expect(stage.sent).toEqual(["opened hook", "opened night"]);
  });

  it("forget nothing that was held back where the next hour begins before the summary is made", () => {
    const stage = new Stage([{ ...HOOK, budgetPerHour: 1 }]);
    for (const [id, atMs] of [
      ["i1", T0],
      ["i2", T0],
      ["i3", T0 + 60 * MINUTE_MS],
    ] as const) {
      stage.told = null;
      stage.news(atMs, "opened", { id });
    }
    expect(stage.budgets.get("hook")?.heldBack.map(({ id }) => id)).toEqual(["i2", "i3"]);
  });

  it("tell after a snooze what grew in it", () => {
    const stage = new Stage();
    stage.news(T0, "opened");
    stage.news(T0 + 1000, "changed", { severity: "critical", suppressedBy: "snooze" });
    stage.clock(T0 + 60_000, { severity: "critical", suppressedBy: "snooze" });
    expect(stage.sent).toEqual(["opened hook"]);
    stage.news(T0 + 90_000, "updated", { severity: "critical" });
    stage.clock(T0 + 120_000, { severity: "critical" });
    expect(stage.sent).toEqual(["opened hook", "changed hook"]);
  });
});
