import type { MinerRow, Page, Series } from "../../server/contract/api.ts";
import { freePort, startProgram, startServer, temporaryDirectory, waitFor, type Program, type TestServer } from "./program.ts";

/** An emulated site: miners in one process, a server without an embedded agent in another, and an agent of its own in a third. */
export interface TestSite {
  readonly emulator: Program;
  readonly endpoints: readonly { address: string; port: number; model: string }[];
  server: TestServer;
  agent: Program;
  readonly agentId: string;
  readonly dataDir: string;
  readonly agentDir: string;
  readonly agentFlags: readonly string[];
  inject(event: Record<string, unknown>): void;
  miners(): Promise<MinerRow[]>;
  remove(): void;
}

export interface SiteOptions {
  readonly minerCount: number;
  readonly firstAddress: string;
  readonly pollIntervalMs: number;
  readonly seed?: number;
  /** Where the agent connects; by default to the server itself. */
  readonly linkPort?: (serverPort: number) => Promise<number>;
}

/** Starts emulator, server and agent, enrols the agent by code, gives it the emulator's range, and waits until every miner has a sample. */
export async function startSite(options: SiteOptions): Promise<TestSite> {
  const dataDir = temporaryDirectory();
  const agentDir = temporaryDirectory();
  const { emulator, endpoints } = await startEmulatorProgram(options);
  const port = endpoints[0]?.port ?? 0;
  const server = await startServer(dataDir.path, ["--no-embedded-agent", "--log-level", "warn"]);
  const [site] = (await server.get<Page<{ id: string }>>("/sites")).items;
  const created = await server.send<{ id: string; code: string }>("POST", "/agents", { siteId: site.id, name: "shed" });
  const linkPort = options.linkPort === undefined ? server.port : await options.linkPort(server.port);
  const agentFlags = [
    ...["--data-dir", agentDir.path, "--poll-interval-ms", String(options.pollIntervalMs), "--witness-port", "0", "--log-level", "warn"],
    ...["--allow-ranges", "127.0.0.0/8", "--allow-ports", String(port)],
  ];
  const agent = startProgram(["agent", "--server", `http://127.0.0.1:${linkPort}`, "--code", created.code, ...agentFlags]);
  const last = endpoints.at(-1)?.address ?? "";
  await server.send("POST", "/ranges", { agentId: created.id, range: `${options.firstAddress}-${last}:${port}` });
  const testSite: TestSite = {
    emulator,
    endpoints,
    server,
    agent,
    agentId: created.id,
    dataDir: dataDir.path,
    agentDir: agentDir.path,
    agentFlags,
    inject: (event) => emulator.stdin.write(`${JSON.stringify(event)}\n`),
    miners: async () => await allMiners(testSite.server),
    remove: () => {
      dataDir.remove();
      agentDir.remove();
    },
  };
  await waitFor(async () => (await testSite.miners()).filter((miner) => miner.polledAtMs !== null).length === options.minerCount, 150_000);
  return testSite;
}

/** Starts that many emulated miners, one after the other from the first address, all at one free port. */
export async function startEmulatorProgram(
  options: Pick<SiteOptions, "minerCount" | "firstAddress" | "seed">,
): Promise<{ emulator: Program; endpoints: TestSite["endpoints"] }> {
  const emulator = startProgram([
    ...["emulate", "--miners", String(options.minerCount), "--address", options.firstAddress],
    ...["--port", String(await freePort()), "--seed", String(options.seed ?? 1)],
  ]);
  const lines = await emulator.until(({ stdout }) => (stdout.includes('"ready"') ? stdout.trim().split("\n") : null));
  const endpoints = lines.slice(0, -1).map((line) => JSON.parse(line) as { address: string; port: number; model: string });
  return { emulator, endpoints };
}

/** Every row of GET /miners, page by page. */
export async function allMiners(server: TestServer): Promise<MinerRow[]> {
  const rows: MinerRow[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: Page<MinerRow> = await server.get(`/miners?limit=1000${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows;
}

/**
 * What the history answers over HTTP for one miner between two instants: start of each step of `stepMs` that holds a sample → how long its poll took,
 * which tells it from all others.
 */
export async function samplesByStep(
  server: TestServer,
  minerId: string,
  { firstMs, lastMs, stepMs }: { firstMs: number; lastMs: number; stepMs: number },
): Promise<Map<number, number>> {
  const steps = new Map<number, number>();
  const windowMs = 1900 * stepMs; // an answer holds at most 2,000 points
  for (let fromMs = Math.floor(firstMs / stepMs) * stepMs; fromMs <= lastMs; fromMs += windowMs) {
    const toMs = Math.min(Math.floor(lastMs / stepMs) * stepMs + stepMs, fromMs + windowMs);
    const query = `metrics=durationMs&fromMs=${fromMs}&toMs=${toMs}&stepMs=${stepMs}`;
    const { timesMs, series } = await server.get<Series>(`/miners/${minerId}/series?${query}`);
    series.durationMs.forEach((value, i) => value !== null && steps.set(timesMs[i] ?? 0, value));
  }
  return steps;
}
