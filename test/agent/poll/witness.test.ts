import { describe, expect, it } from "vitest";
import type { ProbeResult } from "../../../agent/discover/tcpProbe.ts";
import type { PollOutcome } from "../../../agent/poll/ports.ts";
import { Witness } from "../../../agent/poll/witness.ts";

const MINER = { address: "10.0.0.1", port: 4028 };
const failed = (failure: "timeout" | "refused"): PollOutcome => ({
  ok: false,
  agentAtMs: 0,
  durationMs: 0,
  failure,
  detail: "",
  answered: false,
  identity: null,
  malformed: null,
});

function witness(result: ProbeResult, { port = 80, permits = true } = {}): { witness: Witness; asked: string[] } {
  const asked: string[] = [];
  const probe = (endpoint: { address: string; port: number }): Promise<ProbeResult> => {
    asked.push(`${endpoint.address}:${endpoint.port}`);
    return Promise.resolve(result);
  };
  const made = new Witness({ port, timeoutMs: 10, signal: new AbortController().signal, permits: () => permits, probe });
  return { witness: made, asked };
}

describe("Witness", () => {
  it("says that the API is down when the witness port takes a connection", async () => {
    const { witness: asking, asked } = witness("open");
    expect(await asking.isApiDown(MINER, failed("timeout"))).toBe(true);
    expect(asked).toEqual(["10.0.0.1:80"]);
  });

  it.each(["refused", "silent", "noRoute"] as const)("does not count %s", async (result) => {
    expect(await witness(result).witness.isApiDown(MINER, failed("timeout"))).toBe(false);
  });

  it("is not asked when 4028 said something, when it is off, or outside the allow-lists", async () => {
    for (const [asking, outcome] of [
      [witness("open"), failed("refused")],
      [witness("open", { port: 0 }), failed("timeout")],
      [witness("open", { port: 4028 }), failed("timeout")],
      [witness("open", { permits: false }), failed("timeout")],
    ] as const) {
      expect(await asking.witness.isApiDown(MINER, outcome)).toBe(false);
      expect(asking.asked).toEqual([]);
    }
  });

  it("asks at most 256 machines at once", async () => {
    const release: (() => void)[] = [];
    const probe = (): Promise<ProbeResult> => new Promise((resolve) => release.push(() => resolve("open")));
    const asking = new Witness({ port: 80, timeoutMs: 10, signal: new AbortController().signal, permits: () => true, probe });
    const answers = Array.from({ length: 300 }, (_, i) => asking.isApiDown({ address: `10.0.1.${i}`, port: 4028 }, failed("timeout")));
    expect(release).toHaveLength(256);
    for (const answer of release) answer();
    expect((await Promise.all(answers)).filter((answer) => answer)).toHaveLength(256);
  });
});
