import type { FleetTotals } from "../../../server/contract/api.ts";
import { startProgram, startServer, temporaryDirectory, waitFor, type Program, type TestServer } from "../program.ts";
import { startEmulatorProgram } from "../site.ts";
import { HookEnd, MailEnd } from "./farEnds.ts";

/** The same in real time: miners, server and agents in processes of their own, and the far ends here. */
export interface ProcessSite {
  readonly emulator: Program;
  server: TestServer;
  readonly hook: HookEnd;
  readonly mail: MailEnd;
  readonly endpoints: readonly { address: string; port: number; model: string }[];
  inject(event: Record<string, unknown>): void;
  /** Starts an agent of its own for so many miners from `first` on, and waits until they are known. */
  startAgent(name: string, share: { first: number; count: number }): Promise<Program>;
  /** Starts the server anew on what it left behind. */
  restart(): Promise<void>;
  fleet(): Promise<FleetTotals>;
  close(): Promise<void>;
}

export interface ProcessOptions {
  readonly address: string;
  readonly minerCount: number;
  /** Miners of the embedded agent, the first ones. */
  readonly embeddedCount: number;
  readonly pollIntervalMs: number;
}

/** Starts miners and server, with channels to both far ends, and waits until the embedded agent has polled its miners. Programs are ended by `stopAll`. */
export async function startProcesses({ address, minerCount, embeddedCount, pollIntervalMs }: ProcessOptions): Promise<ProcessSite> {
  const folders = [temporaryDirectory()];
  const [hook, mail] = await Promise.all([HookEnd.open(Date.now), MailEnd.open(Date.now)]);
  const { emulator, endpoints } = await startEmulatorProgram({ minerCount, firstAddress: address });
  const rangeOf = (first: number, count: number): string =>
    `${endpoints[first].address}-${endpoints[first + count - 1].address}:${endpoints[first].port}`;
  const polling = ["--poll-interval-ms", String(pollIntervalMs), "--witness-port", "0", "--log-level", "error"];
  const flags = [...polling, ...(embeddedCount > 0 ? ["--ranges", rangeOf(0, embeddedCount)] : ["--no-embedded-agent"])];
  const site: ProcessSite = {
    ...{ emulator, hook, mail, endpoints },
    server: await startServer(folders[0].path, flags),
    inject: (event) => emulator.stdin.write(`${JSON.stringify(event)}\n`),
    async startAgent(name, { first, count }) {
      const [{ id: siteId }] = (await site.server.get<{ items: { id: string }[] }>("/sites")).items;
      const { code } = await site.server.send<{ code: string }>("POST", "/agents", { siteId, name });
      const folder = temporaryDirectory();
      folders.push(folder);
      const known = (await site.fleet()).reportingCount;
      const link = ["--server", site.server.base, "--code", code, "--data-dir", folder.path, "--allow-ranges", "127.0.0.0/8"];
      const agent = startProgram(["agent", ...link, "--ranges", rangeOf(first, count), ...polling]);
      await waitFor(async () => (await site.fleet()).reportingCount >= known + count, 90_000);
      return agent;
    },
    async restart() {
      site.server = await startServer(folders[0].path, flags, { port: site.server.port });
    },
    fleet: () => site.server.get<FleetTotals>("/fleet"),
    async close() {
      await Promise.all([hook.close(), mail.close()]);
      for (const folder of folders) folder.remove();
    },
  };
  await tellFarEnds(site);
  await waitFor(async () => (await site.fleet()).reportingCount >= embeddedCount, 90_000);
  return site;
}

async function tellFarEnds({ server, hook, mail }: ProcessSite): Promise<void> {
  const webhook = { kind: "webhook", url: hook.url, signingKey: HookEnd.SIGNING_KEY };
  const email = {
    kind: "email",
    host: "127.0.0.1",
    port: mail.port,
    security: "none",
    from: "watch@site.example",
    to: ["ops@site.example"],
  };
  for (const target of [webhook, email]) await server.send("POST", "/channels", { name: target.kind, target, allowPrivate: true });
}
