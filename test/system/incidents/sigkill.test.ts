import { afterAll, describe, expect, it } from "vitest";
import { stopAll, waitFor } from "../program.ts";
import type { Mail } from "./farEnds.ts";
import { startProcesses, type ProcessSite } from "./processes.ts";

/** The built-in rules hold a board that is dead or gone for a minute before it fires. */
const HOLD_MS = 60_000;
const PENDING_MS = 40_000;

describe("a server killed by SIGKILL while alerts are pending and messages queued", () => {
  afterAll(stopAll);

  it("has each message at the far end once by its key, at most twice where there is none, and loses no pending alert", async () => {
    const site = await startProcesses({ address: "127.63.0.1", minerCount: 24, embeddedCount: 24, pollIntervalMs: 1000 });
    const { hook, mail } = site;
    const indexes = [...site.endpoints.keys()].filter((index) => /^S19/.test(site.endpoints[index].model)).slice(0, 4);
    const [fan, board, second, last] = indexes.map((index) => site.endpoints[index].address);
    const stopFan = (n: number): void => site.inject({ fault: "fanStopped", miners: [indexes[n]] });
    await site.server.send("PATCH", "/alert-rules/fanStopped", { holdMs: 0 });

    hook.status = 503;
    stopFan(0);
    await waitFor(() => hook.attempts.length > 0, 60_000); // it is queued now
    await waitFor(async () => (await sentCount(site)) === 1, 60_000); // the mail of it has arrived, and that is known
    site.inject({ fault: "deadBoard", miners: [indexes[1]] });
    await pendingFor(site, PENDING_MS);
    await kill(site);

    [hook.status, hook.isMute, mail.isMute] = [200, true, true];
    const restartedAtMs = Date.now();
    await site.restart();
    await waitFor(() => hook.got.length > 0, 60_000); // taken, and the server does not know
    stopFan(2);
    await waitFor(() => mailsAbout(site, second).length > 0, 60_000); // the same
    await kill(site);

    [hook.isMute, mail.isMute] = [false, false];
    await site.restart();
    await waitFor(() => takenOf(site, board).length > 0 && takenOf(site, second).length > 0, 120_000);
    await waitFor(() => mailsAbout(site, board).length > 0 && mailsAbout(site, second).length === 2, 60_000);
    stopFan(3);
    // What comes behind all that was to be sent: nothing more is on its way after it.
    await waitFor(() => takenOf(site, last).length > 0 && mailsAbout(site, last).length > 0, 60_000);

    const firstOfKey = hook.got.filter(({ key }, n) => hook.got.findIndex((each) => each.key === key) === n);
    const told = firstOfKey.map(({ body: { event, incident } }) => `${event} ${incident?.scope.name}`);
    expect([told[0], told.at(-1)]).toEqual([`opened ${fan}`, `opened ${last}`]);
    expect(told.toSorted()).toEqual([fan, board, second, last].map((address) => `opened ${address}`).toSorted());
    expect(new Set(hook.got.map(({ body }) => body.incident?.id)).size).toBe(4);
    expect(takenOf(site, fan).length).toBeGreaterThanOrEqual(2); // once unheard
    expect(takenOf(site, last)).toHaveLength(1);
    // One that had begun anew would have fired a minute after the restart at the earliest.
    expect((takenOf(site, board)[0].body.incident?.openedAtMs ?? Infinity) - restartedAtMs).toBeLessThan(HOLD_MS);

    expect([fan, second, last].map((address) => mailsAbout(site, address).length)).toEqual([1, 2, 1]);
    expect(mailsAbout(site, board).length).toBeLessThanOrEqual(2);
    expect(new Set(mailsAbout(site, second).map(messageId)).size).toBe(1);
    expect(new Set(mail.mails.map(messageId)).size).toBe(4);
    await site.close();
  }, 420_000);
});

/** Waits until the alert of the board is pending, and has been for so long. */
async function pendingFor({ server }: ProcessSite, ms: number): Promise<void> {
  await waitFor(async () => {
    const { items } = await server.get<{ items: { id: string; pendingCount: number }[] }>("/alert-rules");
    return items.some(({ id, pendingCount }) => id.startsWith("board") && pendingCount > 0);
  }, 60_000);
  const sinceMs = Date.now();
  await waitFor(() => Date.now() - sinceMs >= ms, 2 * ms);
}

async function sentCount({ server }: ProcessSite): Promise<number> {
  return (await server.get<{ items: unknown[] }>("/deliveries?state=sent")).items.length;
}

async function kill({ server: { program } }: ProcessSite): Promise<void> {
  program.kill("SIGKILL");
  await program.exited;
}

const takenOf = ({ hook }: ProcessSite, address: string) => hook.got.filter(({ body }) => body.incident?.scope.name === address);
const mailsAbout = ({ mail }: ProcessSite, address: string) => mail.mails.filter(({ subject }) => subject.includes(address));
const messageId = ({ text }: Mail) => /^Message-ID: (.*)$/im.exec(text)?.[1];
