import { describe, expect, it } from "vitest";
import type { MinerDetail } from "../../../server/contract/api.ts";
import { MinerAhead } from "../../../web/live/minerAhead.ts";

interface Asked {
  readonly ahead: MinerAhead;
  /** Ids in the order in which the server was asked for them. */
  readonly ids: string[];
  readonly pass: (ms: number) => void;
}

/** A server that says of each miner only its id; `isBroken`: whose first answer is an error. */
function open({ isBroken = false } = {}): Asked {
  const ids: string[] = [];
  let nowMs = 0;
  const load = (minerId: string): Promise<MinerDetail> => {
    ids.push(minerId);
    return isBroken && ids.length === 1 ? Promise.reject(new Error("no answer")) : Promise.resolve({ id: minerId } as MinerDetail);
  };
  return { ahead: new MinerAhead(load, () => nowMs), ids, pass: (ms) => void (nowMs += ms) };
}

const { signal } = new AbortController();

describe("MinerAhead", () => {
  it("gives the answer that was asked for ahead, once", async () => {
    const { ahead, ids } = open();
    ahead.ask("m1");
    ahead.ask("m1");
    expect((await ahead.take("m1", signal)).id).toBe("m1");
    expect(ids).toEqual(["m1"]);
    await ahead.take("m1", signal);
    expect(ids).toEqual(["m1", "m1"]);
  });

  it("asks anew for another miner, and where what was asked for has grown old", async () => {
    const { ahead, ids, pass } = open();
    ahead.ask("m1");
    expect((await ahead.take("m2", signal)).id).toBe("m2");
    ahead.ask("m3");
    pass(5000);
    await ahead.take("m3", signal);
    expect(ids).toEqual(["m1", "m2", "m3", "m3"]);
  });

  it("asks again where asking ahead failed", async () => {
    const { ahead, ids } = open({ isBroken: true });
    ahead.ask("m1");
    expect((await ahead.take("m1", signal)).id).toBe("m1");
    expect(ids).toEqual(["m1", "m1"]);
  });
});
