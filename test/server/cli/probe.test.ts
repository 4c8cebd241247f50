import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { probeCommand } from "../../../server/cli/probe.ts";
import type { RawSettings } from "../../../server/cli/command.ts";
import { closedPort, openWire, type Wire } from "../../agent/cgminer/wire.ts";
import { fixtureBytes } from "../../agent/decode/fixture.ts";

let printed = "";
let wire: Wire | null = null;

beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await wire?.close();
  wire = null;
});

function probe(target: string, settings: RawSettings = {}): Promise<number> {
  return probeCommand.run({ settings, positionals: [target], signal: new AbortController().signal });
}

/** A miner that answers what the fixture folder holds; an unknown command gets its version's text, which is no harm here. */
async function miner(folder: string): Promise<string> {
  wire = await openWire((socket, request) => {
    const { command } = JSON.parse(request) as { command: string };
    socket.end(fixtureBytes(`${folder}/${command}.txt`));
  });
  return `127.0.0.1:${wire.port}`;
}

describe("hashwatch probe", () => {
  it("prints what was decoded, a missing board included", async () => {
    expect(await probe(await miner("stock-x19"))).toBe(0);
    expect(printed).toContain("S19j Pro");
    expect(printed).toContain("69.00 TH/s of 104.00 TH/s rated");
    expect(printed).toContain("board 2: missing");
  });

  it("prints the outcome as JSON", async () => {
    expect(await probe(await miner("stock-x19"), { json: true })).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ ok: true, identity: { model: "S19j Pro" }, sample: { acceptedCount: 321 } });
  });

  it("records raw replies with users, passwords and hosts masked", async () => {
    const folder = await mkdtemp(join(tmpdir(), "probe-"));
    try {
      await probe(await miner("stock-x19"), { record: folder });
      expect((await readdir(folder)).sort()).toEqual(["pools.json", "stats.json", "summary.json", "version.json"]);
      const pools = await readFile(join(folder, "pools.json"), "utf8");
      for (const secret of ["farm", "secret", "pool.example"]) expect(pools).not.toContain(secret);
      expect(JSON.parse(pools)).toMatchObject({ POOLS: [{ POOL: 0, Accepted: 321 }, {}, {}] });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("names the failure of a machine that does not answer", async () => {
    expect(await probe(`127.0.0.1:${await closedPort()}`)).toBe(1);
    expect(printed).toContain("refused");
  });

  it.each(["10.0.0.0/24", "nonsense", "127.0.0.1:99999"])("refuses %s as a target and names it", async (target) => {
    await expect(probe(target)).rejects.toThrow(target);
  });

  it("refuses a setting that is no number and names it", async () => {
    await expect(probe("127.0.0.1", { "reply-timeout-ms": "soon" })).rejects.toThrow(/reply-timeout-ms.*soon/);
  });
});
