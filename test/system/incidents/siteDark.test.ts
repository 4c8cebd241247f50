import { describe, expect, it } from "vitest";
import { Site } from "./site.ts";

const MINERS = 10_000;
const DARK_WITHIN_MS = 90_000;
const SLICES = 90;
/** Machine by machine they return as they went. */
const AWAY_MS = 180_000;
/** Half as many polls as usual: the test takes half as long. */
const POLL_INTERVAL_MS = 20_000;

describe("a site of 10,000 under two agents that goes dark machine by machine over 90 s", () => {
  it("is one incident at the site and at most three messages, the one of its return among them, and the evaluation keeps up", async () => {
    const site = await Site.open({
      address: "127.62.0.1",
      minerCount: MINERS,
      shares: [MINERS / 2, MINERS / 2],
      pollIntervalMs: POLL_INTERVAL_MS,
    });
    const { hook, mail } = site;
    const darkAtMs = site.clock.nowMs();
    for (let n = 0; n < SLICES; n++) {
      const miners = Array.from({ length: MINERS }, (_, index) => index).filter((index) => index % SLICES === n);
      await site.fault({ fault: "powerLoss", miners, atMs: (n * DARK_WITHIN_MS) / SLICES, forMs: AWAY_MS, bootMs: 10_000 });
    }
    await site.advance(AWAY_MS);
    expect(hook.got.map(({ body }) => body.incident?.scope.kind).at(-1)).toBe("site");
    expect(hook.got.length).toBeLessThanOrEqual(2); // one more when it ends
    expect(hook.got[0].atMs - darkAtMs).toBeLessThanOrEqual(DARK_WITHIN_MS + 60_000 + POLL_INTERVAL_MS);
    const whole = { severity: "critical", cause: "unreachable", memberCount: MINERS };
    expect(await site.incidents()).toMatchObject([{ ...whole, state: "open" }]);
    expect((await site.fleet()).statusCounts.unreachable).toBe(MINERS);
    expect(await evaluationShare(site)).toBeLessThan(0.5);

    await site.until(() => hook.got.at(-1)?.body.event === "closed", 900_000);
    await site.advance(30_000);
    expect(hook.got.length).toBeLessThanOrEqual(3);
    expect(hook.got.filter(({ body }) => body.event === "closed")).toHaveLength(1);
    expect(new Set(hook.got.map(({ body }) => body.incident?.id)).size).toBe(1);
    expect(hook.got.at(-1)?.body.incident).toMatchObject({ ...whole, scope: { kind: "site" }, state: "closed", firingCount: 0 });
    expect(mail.mails.map(({ subject }) => subject)).toEqual(hook.got.map(({ body }) => body.title));
    expect(await site.incidents()).toMatchObject([{ ...whole, state: "closed" }]);
    expect((await site.fleet()).statusCounts.unreachable).toBe(0);
    expect(await evaluationShare(site)).toBeLessThan(0.5);
  }, 900_000);
});

/** How much of each second the alerts took, on average. */
async function evaluationShare(site: Site): Promise<number> {
  const text = await (await fetch(`${site.server.url}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  return value("hashwatch_alert_evaluation_seconds_total") / value("hashwatch_alert_evaluations_total");
}
