import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import type { ScenarioEventInput } from "../emulator/scenario.ts";
import { readScenario, selected } from "../emulator/scenario.ts";
import { exchange, startStill } from "./emulatorClient.ts";

const read = (event: object, minerCount = 100): ReturnType<typeof readScenario> => readScenario({ events: [event] }, minerCount);

describe("readScenario()", () => {
  it("fills in what an event leaves out", () => {
    expect(read({ miners: "0-2", fault: "slow" })).toEqual([
      { atMs: 0, forMs: null, miners: [0, 1, 2], fault: { name: "slow", delayMs: 3000 } },
    ]);
  });

  const wrong: readonly (readonly [event: object, message: string])[] = [
    [{ miners: "all" }, 'Scenario event 1: "fault" must be one of refuse, hang'],
    [{ miners: "all", fault: "explode" }, 'got "explode"'],
    [{ miners: "all", fault: "hang", atMs: -1 }, '"atMs" must be a whole number from 0, got -1'],
    [{ miners: "all", fault: "hang", forMs: "1 h" }, '"forMs" must be a whole number from 0, got "1 h"'],
    [{ fault: "hang" }, '"miners" must be "all", "0-47"'],
    [{ miners: "5-3", fault: "hang" }, 'got "5-3"'],
    [{ miners: [0, 100], fault: "hang" }, "with miners from 0 to 99, got [0,100]"],
    [{ miners: { rack: -1 }, fault: "hang" }, 'got {"rack":-1}'],
    [{ miners: "all", fault: "slow", delay: 5 }, 'unknown field "delay" for fault slow'],
    [{ miners: "all", fault: "poolHijack", worker: 'a"b' }, '"worker" must be printable text without quotes'],
    [{ miners: "all", fault: "poolLoss", pools: "second" }, '"pools" must be one of first, all, got "second"'],
  ];
  for (const [event, message] of wrong) {
    it(`refuses ${JSON.stringify(event)}`, () => {
      expect(() => read(event)).toThrow(message);
    });
  }

  it("refuses what is no scenario, and names the event that is wrong", () => {
    expect(() => readScenario([], 1)).toThrow('A scenario is {"events": […]}, got []');
    const good = { miners: "all", fault: "hang" };
    expect(() => readScenario({ events: [good, good, { ...good, fault: 1 }] }, 1)).toThrow("Scenario event 3");
  });
});

describe("selected()", () => {
  it("means 48 miners by a rack, and what is there of the last one", () => {
    const rack = (number: number): number[] => selected({ rack: number }, { minerCount: 100, rackSize: 48 });
    expect(rack(1)).toEqual(Array.from({ length: 48 }, (_, n) => 48 + n));
    expect(rack(2)).toEqual([96, 97, 98, 99]);
    expect(rack(3)).toEqual([]);
  });
});

describe("a scenario that runs", () => {
  it("lets events begin and end at their times, each for its miners", async () => {
    const events: ScenarioEventInput[] = [
      { atMs: 10_000, forMs: 10_000, miners: { rack: 1 }, fault: "refuse" },
      { atMs: 15_000, miners: [0], fault: "deadBoard" },
    ];
    const { emulator, clock } = await startStill({ count: 60, address: "127.25.0.1", models: ["S19"], scenario: { events } });
    try {
      const kindOf = async (index: number): Promise<string> => (await exchange(emulator.endpoints[index], '{"command":"version"}')).kind;
      const deadCount = (): number => emulator.truth(0).boards.filter((board) => !board.present).length;
      expect([await kindOf(50), await kindOf(10), deadCount()]).toEqual(["closed", "closed", 0]);
      await clock.advance(emulator, 16_000);
      expect([await kindOf(50), await kindOf(10), deadCount()]).toEqual(["refused", "closed", 1]);
      await clock.advance(emulator, 4000);
      expect([await kindOf(50), await kindOf(10), deadCount()]).toEqual(["closed", "closed", 1]);
    } finally {
      await emulator.close();
    }
  });
});

describe("hashwatch emulate", () => {
  const main = join(import.meta.dirname, "../../dist/server/cli/main.js");
  const stops: (() => void)[] = [];
  afterEach(() => stops.splice(0).forEach((stop) => stop()));

  function run(...args: string[]): { lines: AsyncIterator<string>; child: ReturnType<typeof spawn>; errors: () => string } {
    const child = spawn(process.execPath, [main, "emulate", ...args], { stdio: ["pipe", "pipe", "pipe"] });
    stops.push(() => child.kill("SIGKILL"));
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), errors: () => errors };
  }

  it("prints its miners, then ready, takes events on stdin, and stops in order", async () => {
    const { child, lines, errors } = run("--miners", "2", "--address", "127.26.0.1", "--port", "0", "--seed", "3");
    const next = async (): Promise<Record<string, unknown>> => JSON.parse((await lines.next()).value as string) as Record<string, unknown>;
    const first = await next();
    expect(Object.keys(first)).toEqual(["address", "port", "model"]);
    expect(first.address).toBe("127.26.0.1");
    expect((await next()).address).toBe("127.26.0.2");
    expect(await next()).toEqual({ ready: 2 });
    const at = { address: "127.26.0.1", port: Number(first.port) };
    child.stdin?.write('{"miners":[0],"fault":"refuse"}\nnonsense\n{"miners":[9],"fault":"refuse"}\n');
    const kindOf = async (): Promise<string> => (await exchange(at, '{"command":"version"}')).kind;
    await expect.poll(kindOf, { timeout: 5000 }).toBe("refused");
    await expect.poll(errors, { timeout: 5000 }).toContain('Event: "miners" must be');
    expect(errors()).toContain("Event: not JSON");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("names what is wrong in one line and exits with 2", async () => {
    const dir = mkdtempSync(join(tmpdir(), "emulate-"));
    stops.push(() => rmSync(dir, { recursive: true }));
    const scenario = join(dir, "scenario.json");
    writeFileSync(scenario, '{"events":[{"miners":"all","fault":"explode"}]}');
    const cases: readonly (readonly [string[], RegExp])[] = [
      [[], /^--miners must be a whole number.*got nothing\n$/],
      [["--miners", "x"], /^--miners .* got "x"\n$/],
      [["--miners", "1", "--address", "10.0.0.1"], /^The emulator listens on loopback only.*\n$/],
      [["--miners", "1", "--port", "0", "--scenario", scenario], /^Scenario event 1: "fault" must be one of .* got "explode"\n$/],
      [["--miners", "1", "--scenario", join(dir, "none.json")], /^--scenario: cannot read .*none\.json.*\n$/],
    ];
    for (const [args, message] of cases) {
      const { child, errors } = run(...args);
      expect(await once(child, "exit")).toEqual([2, null]);
      expect(errors()).toMatch(message);
    }
  });
});
