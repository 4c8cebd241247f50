import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { frameReply, type RawObject } from "../../../agent/cgminer/framing.ts";
import { decodeSample, hasReadings } from "../../../agent/decode/decode.ts";
import { identify } from "../../../agent/decode/identity.ts";
import { decodePools } from "../../../agent/decode/pools.ts";
import type { Replies } from "../../../agent/decode/replies.ts";
import { AgentSample, type Hashboard } from "../../../server/contract/sample.ts";

interface ExpectedBoard {
  slot?: number;
  hashrateHs: number | null;
  chips: number | null;
  chipsOk?: number | null;
  chipsBad?: number | null;
  hwErrors?: number | null;
  freqMhz?: number | null;
  tempsPcbC?: number[];
  tempsChipC?: number[];
  also?: { hashrateHs?: number[]; tempsChipC?: number[][] };
}
interface Meta {
  model: string | null;
  firmware: string;
  identificationOnly?: boolean;
  also?: { model?: (string | null)[]; firmware?: string[]; elapsedS?: number[] };
  expected: {
    hashrateHs?: number | null;
    hashrateAvgHs?: number | null;
    hashrate30mHs?: number | null;
    elapsedS?: number;
    powerW?: number;
    fansRpm?: number[];
    hashing?: boolean;
    boards?: ExpectedBoard[];
    pools?: { url: string; user: string; accepted: number; rejected: number }[];
  };
}

const FAMILIES: Readonly<Record<string, string>> = { mskminer: "msk", other: "unknown" };
const bare = (name: string | null | undefined): string => (name ?? "").toLowerCase().replace(/antminer|[\s._-]/g, "");
const within = (share: number, value: number | null | undefined, ...expected: (number | null | undefined)[]): boolean =>
  expected.some((other) => other == null || (value != null && Math.abs(value - other) <= Math.abs(other) * share));
const hottest = (temps: readonly number[] | undefined): number | null => {
  const real = (temps ?? []).filter((temp) => temp >= -40 && temp <= 150);
  return real.length === 0 ? null : Math.max(...real);
};

function repliesIn(folder: string): Replies {
  const replies: Record<string, RawObject> = {};
  for (const file of readdirSync(folder)) {
    const command = /^(version|stats|summary|pools|devs|temps|fans|power|config)\.(json|txt)$/.exec(file)?.[1];
    const framed = command === undefined ? null : frameReply(readFileSync(join(folder, file)).toString());
    if (command !== undefined && framed?.ok === true) replies[command] = framed.value;
  }
  return replies;
}

function checkBoard(expected: ExpectedBoard, board: Hashboard | undefined, isStopped: boolean): void {
  expect(board?.present).toBe(true);
  if (board === undefined) return;
  expect(within(0.001, board.hashrateHs, expected.hashrateHs, ...(expected.also?.hashrateHs ?? [])), "board rate").toBe(true);
  if (expected.chips) expect(board.chipCount).toBe(expected.chips);
  if (expected.chipsOk != null && !isStopped)
    expect([board.chipOkCount, board.chipBadCount]).toEqual([expected.chipsOk, expected.chipsBad]);
  if (expected.hwErrors != null) expect(board.hwErrorCount).toBe(expected.hwErrors);
  if (expected.freqMhz) expect(within(0.01, board.freqMhz, expected.freqMhz), "frequency").toBe(true);
  expect([hottest(board.chipTempsC), ...(expected.also?.tempsChipC ?? []).map(hottest)]).toContain(hottest(expected.tempsChipC));
  expect(hottest(board.boardTempsC)).toBe(hottest(expected.tempsPcbC));
}

const dir = process.env.RECORDINGS_DIR;
if (dir) {
  describe("recorded replies", () => {
    const slugs = readdirSync(dir).filter((slug) => existsSync(join(dir, slug, "meta.json")));
    it.each(slugs)("of %s decode to what they are known to hold", (slug) => {
      const meta = JSON.parse(readFileSync(join(dir, slug, "meta.json"), "utf8")) as Meta;
      const replies = repliesIn(join(dir, slug));
      const { reported, machine } = identify(replies, 0);
      expect([meta.model, ...(meta.also?.model ?? [])].map(bare)).toContain(bare(reported.model));
      expect([FAMILIES[meta.firmware] ?? meta.firmware, ...(meta.also?.firmware ?? [])]).toContain(reported.firmware.family);
      if (meta.identificationOnly === true) {
        expect(hasReadings(replies)).toBe(false);
        return;
      }
      const { expected } = meta;
      const sample = AgentSample.parse(decodeSample({ replies, machine, pools: decodePools(replies.pools), agentAtMs: 0, durationMs: 0 }));
      expect(within(0.001, sample.hashrateHs, expected.hashrateHs), "rate").toBe(true);
      expect(within(0.001, sample.hashrateMeanHs, expected.hashrateAvgHs), "mean").toBe(true);
      expect(within(0.001, sample.hashrate30mHs, expected.hashrate30mHs), "30 min").toBe(true);
      const uptimesS = [expected.elapsedS, ...(meta.also?.elapsedS ?? [])];
      expect(uptimesS.map((seconds) => (seconds ?? 0) * 1000)).toContain(sample.uptimeMs);
      if (expected.powerW) expect(within(0.01, sample.powerW, expected.powerW), "power").toBe(true);
      if (expected.fansRpm) expect(sample.fansRpm.filter((rpm) => rpm > 0)).toEqual(expected.fansRpm);
      for (const board of expected.boards ?? []) {
        checkBoard(
          board,
          sample.hashboards.find((candidate) => candidate.chain === board.slot),
          expected.hashing === false,
        );
      }
      if (expected.boards) expect(sample.hashboards.filter((board) => board.present)).toHaveLength(expected.boards.length);
      const pools = (expected.pools ?? []).filter((pool) => pool.url !== "" && !/^(devfee|\*)$/i.test(pool.url));
      expect(sample.pools.map((pool) => [pool.url, pool.worker, pool.acceptedCount, pool.rejectedCount])).toEqual(
        pools.map((pool) => [pool.url, pool.user, pool.accepted, pool.rejected]),
      );
    });
  });
}
