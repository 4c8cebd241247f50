import { afterAll, describe, expect, it } from "vitest";
import { stopAll, waitFor } from "../program.ts";
import { startProcesses, type ProcessSite } from "./processes.ts";

/** The built-in rules hold a board that is dead or gone for a minute before it fires. */
const HOLD_MS = 60_000;
const PENDING_MS = 30_000;

describe("a server killed by SIGKILL while alerts are pending and messages queued", () => {
  afterAll(stopAll);

  it("has each message at the far end once by its key, at most twice where there is none, and loses no pending alert", async () => {
    const site = await startProcesses({ address: "127.63.0.1", minerCount: 24, embeddedCount: 24, pollIntervalMs: 1000 });
    const { hook, mail } = site;
    const [fanIndex, boardIndex] = [...site.endpoints.keys()].filter((index) => /^S19/.test(site.endpoints[index].model));
    const [fan, board] = [fanIndex, boardIndex].map((index) => site.endpoints[index].address);
    await site.server.send("POST", "/alert-rules", { name: "Fan", condition: { kind: "fanStopped" }, holdMs: 0, severity: "warning" });

    site.inject({ fault: "deadBoard", miners: [boardIndex] });
    await pendingFor(site, PENDING_MS);
    hook.status = 503;
    site.inject({ fault: "fanStopped", miners: [fanIndex] });
    await waitFor(() => hook.attempts.length > 0, 60_000); // it is queued now
    await kill(site);

    [hook.status, hook.isMute, mail.isMute] = [200, true, true];
    const [attemptCount, mailCount] = [hook.attempts.length, mail.mails.length];
    await site.restart();
    const restartedAtMs = Date.now();
    await waitFor(() => hook.attempts.length > attemptCount, 60_000); // taken, and the server does not know
    await kill(site);

    [hook.isMute, mail.isMute] = [false, false];
    await site.restart();
    await waitFor(() => takenOf(site, board).length > 0 && mail.mails.some(({ subject }) => subject.includes(board)), 120_000);
    expect(takenOf(site, board)[0].atMs - restartedAtMs).toBeLessThan(HOLD_MS + (HOLD_MS - PENDING_MS) / 2);
    await waitFor(() => takenOf(site, fan).length >= 2, 60_000);
    expect(mail.mails.length).toBeGreaterThan(mailCount);
    for (const address of [fan, board]) {
      expect(new Set(takenOf(site, address).map(({ key }) => key)).size).toBe(1);
      expect(new Set(takenOf(site, address).map(({ body }) => body.incident?.id)).size).toBe(1);
      const mails = mail.mails.filter(({ subject }) => subject.includes(address));
      expect([1, 2]).toContain(mails.length);
    }
    expect(new Set(hook.got.map(({ key }) => key)).size).toBe(2);
    await site.close();
  }, 300_000);
});

/** Waits until the alert of the board is pending, and has been for so long. */
async function pendingFor({ server }: ProcessSite, ms: number): Promise<void> {
  await waitFor(async () => {
    const { items } = await server.get<{ items: { pendingCount: number }[] }>("/alert-rules");
    return items.some(({ pendingCount }) => pendingCount > 0);
  }, 60_000);
  const sinceMs = Date.now();
  await waitFor(() => Date.now() - sinceMs >= ms, 2 * ms);
}

async function kill({ server: { program } }: ProcessSite): Promise<void> {
  program.kill("SIGKILL");
  await program.exited;
}

const takenOf = ({ hook }: ProcessSite, address: string) => hook.got.filter(({ body }) => body.incident?.scope.name === address);
