import { describe, expect, it } from "vitest";
import { Site } from "./site.ts";

const MINERS = 10_000;
const DARK_WITHIN_MS = 90_000;

describe("a site of 10,000 under two agents that goes dark machine by machine over 90 s", () => {
  it("is one incident at the site and at most three messages, and the evaluation keeps up", async () => {
    const site = await Site.open({ address: "127.62.0.1", minerCount: MINERS, shares: [MINERS / 2, MINERS / 2], pollIntervalMs: 30_000 });
    const { hook } = site;
    const darkAtMs = site.clock.nowMs();
    for (let n = 0; n < 90; n++) {
      const miners = Array.from({ length: MINERS }, (_, index) => index).filter((index) => index % 90 === n);
      await site.fault({ fault: "powerLoss", miners, atMs: (n * DARK_WITHIN_MS) / 90 });
    }
    await site.advance(DARK_WITHIN_MS + 120_000);
    expect(hook.got.map(({ body }) => body.incident?.scope.kind).at(-1)).toBe("site");
    expect(new Set(hook.got.map(({ body }) => body.incident?.id)).size).toBe(1);
    expect(hook.got.length).toBeLessThanOrEqual(2); // one more when it ends
    expect(hook.got[0].atMs - darkAtMs).toBeLessThanOrEqual(DARK_WITHIN_MS + 120_000);
    const incidents = await site.incidents();
    expect(incidents).toMatchObject([{ severity: "critical", cause: "unreachable", memberCount: MINERS }]);
    expect(await evaluationShare(site)).toBeLessThan(0.5);
  }, 300_000);
});

/** How much of each second the alerts took, on average. */
async function evaluationShare(site: Site): Promise<number> {
  const text = await (await fetch(`${site.server.url}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  return value("hashwatch_alert_evaluation_seconds_total") / value("hashwatch_alert_evaluations_total");
}
