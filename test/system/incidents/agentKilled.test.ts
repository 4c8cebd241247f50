import { afterAll, describe, expect, it } from "vitest";
import { stopAll, waitFor } from "../program.ts";
import { startProcesses } from "./processes.ts";
import { Site } from "./site.ts";

describe("an agent with 2,000 miners that is killed, beside another of the same site", () => {
  afterAll(stopAll);

  it("is told once, at the agent; its miners are unknown, none is offline, and the sums say what is missing", async () => {
    const site = await Site.open({ address: "127.61.0.1", minerCount: 2100, shares: [2000, 100] });
    const { hook } = site;
    const before = await site.fleet();
    site.agents[0].kill();
    await site.advance(300_000);
    expect(hook.told).toEqual(["opened agent shed-1"]);
    expect(hook.got[0].body.incident).toMatchObject({
      ...{ severity: "critical", cause: "agentDown", memberCount: 1, minerCount: 2000, members: [{ kind: "agent", name: "shed-1" }] },
    });
    expect(hook.got[0].body.incident?.explanation).toMatch(
      /^Agent shed-1 is silent; its 2,000 miners are unknown: not heard of for \d+ s$/,
    );
    expect(await site.incidents()).toHaveLength(1);
    const after = await site.fleet();
    expect(after).toMatchObject({ minerCount: 2100, reportingCount: 100, statusCounts: { unknown: 2000, unreachable: 0, hashing: 100 } });
    expect(after.ratedHashrateHs / before.ratedHashrateHs).toBeLessThan(0.1);
    expect(after.oldestAgentAgeMs).toBeGreaterThanOrEqual(300_000);
  }, 300_000);

  it("is told the same way in real time", async () => {
    const site = await startProcesses({ address: "127.61.16.1", minerCount: 2100, embeddedCount: 100, pollIntervalMs: 10_000 });
    const { hook, mail } = site;
    const agent = await site.startAgent("shed-1", { first: 100, count: 2000 });
    agent.kill("SIGKILL");
    const killedAtMs = Date.now();
    await waitFor(() => hook.got.length > 0, 120_000);
    expect(hook.got[0].atMs - killedAtMs).toBeLessThanOrEqual(90_000);
    expect(hook.got[0].body.incident).toMatchObject({ scope: { kind: "agent", name: "shed-1" }, cause: "agentDown", minerCount: 2000 });
    await waitFor(async () => (await site.fleet()).statusCounts.unknown === 2000, 30_000);
    expect(await site.fleet()).toMatchObject({ minerCount: 2100, reportingCount: 100, statusCounts: { unreachable: 0 } });
    await waitFor(() => mail.mails.length > 0, 30_000);
    expect(hook.told).toEqual(["opened agent shed-1"]);
    await site.close();
  }, 300_000);
});
