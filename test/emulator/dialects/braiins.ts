import type { MinerProfile } from "../profiles/profile.ts";
import type { PoolReading } from "../reading.ts";
import type { Answer, Answering, Dialect } from "./dialect.ts";
import { head, workFigures } from "./dialect.ts";

// BOSminer of 2020 on S9: keys in alphabetical order, rates in MH/s, one entry per board in devs, no stats, no model anywhere.

const FAN_POSITIONS = 4;

export function braiins(profile: MinerProfile): Dialect {
  const { description } = profile.program;
  return {
    commands: new Map<string, Answer>([
      ["version", version],
      ["summary", summary],
      ["pools", pools],
      ["devs", devs],
      ["fans", fans],
      ["temps", temps],
    ]),
    denied: new Set(),
    joins: true,
    rewrite: null,
    failure: ({ code, message }, whenS) => `${head({ whenS, code, message, description, letter: "E" })},"id":1}`,
  };
}

function status({ machine, whenS }: Answering, code: number, message: string): string {
  return head({ whenS, code, message, description: machine.profile.program.description });
}

/** A float always shows a point. */
function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function version(answering: Answering): string {
  const { program, versionMessage } = answering.machine.profile;
  return `${status(answering, 22, versionMessage)},"VERSION":[{"API":"3.7","${program.key}":"${program.version}"}],"id":1}`;
}

function summary(answering: Answering): string {
  const { reading, whenS } = answering;
  const work = workFigures(answering);
  const now = float(reading.hashrateHs / 1e6);
  const mean = float(reading.hashrateMeanHs / 1e6);
  const shares = reading.acceptedCount + reading.rejectedCount;
  const rejected = float(shares === 0 ? 0 : (100 * reading.rejectedCount) / shares);
  return (
    `${status(answering, 11, "Summary")},"SUMMARY":[{"Accepted":${reading.acceptedCount},"Best Share":${work.bestShare},"Device Hardware%":0.0,"Device Rejected%":${rejected},"Difficulty Accepted":${float(work.difficultyAccepted)}` +
    `,"Difficulty Rejected":${float(work.difficultyRejected)},"Difficulty Stale":${float(work.difficultyStale)},"Discarded":0,"Elapsed":${reading.uptimeS},"Found Blocks":0,"Get Failures":0,"Getworks":${work.getworks}` +
    `,"Hardware Errors":${reading.hwErrorCount},"Last getwork":${whenS},"Local Work":${work.localWork},"MHS 15m":${mean},"MHS 1m":${now},"MHS 24h":${mean},"MHS 5m":${mean},"MHS 5s":${now},"MHS av":${mean}` +
    `,"Network Blocks":0,"Pool Rejected%":${rejected},"Pool Stale%":0.0,"Rejected":${reading.rejectedCount},"Remote Failures":0,"Stale":${reading.staleCount},"Total MH":${float(work.totalMh)}` +
    `,"Utility":${float(work.utility)},"Work Utility":${float(work.workUtility)}}],"id":1}`
  );
}

function pools(answering: Answering): string {
  const rows = answering.reading.pools.filter((pool) => pool.url !== "").map((pool) => poolRow(pool, answering));
  return `${status(answering, 7, `${rows.length} Pool(s)`)},"POOLS":[${rows.join(",")}],"id":1}`;
}

function poolRow(pool: PoolReading, answering: Answering): string {
  const full = answering.machine.profile.poolDifficulty;
  const difficulty = pool.active ? full : 0;
  const work = workFigures(answering);
  const shares = pool.acceptedCount + pool.rejectedCount;
  const host = pool.url.replace(/^.*:\/\//, "");
  const lastShareS = pool.lastShareAgoS === null ? 0 : answering.whenS - pool.lastShareAgoS;
  return (
    `{"Accepted":${pool.acceptedCount},"AsicBoost":true,"Bad Work":0,"Best Share":${difficulty},"Current Block Height":0,"Current Block Version":${pool.active ? 536870912 : 0},"Diff1 Shares":${pool.acceptedCount * full}` +
    `,"Difficulty Accepted":${float(pool.acceptedCount * full)},"Difficulty Rejected":${float(pool.rejectedCount * full)},"Difficulty Stale":${float(pool.staleCount * full)},"Discarded":0,"Get Failures":0` +
    `,"Getworks":${pool.active ? work.getworks : 0},"Has GBT":false,"Has Stratum":true,"Has Vmask":true,"Last Share Difficulty":${float(difficulty)},"Last Share Time":${lastShareS},"Long Poll":"N","POOL":${pool.index}` +
    `,"Pool Rejected%":${float(shares === 0 ? 0 : (100 * pool.rejectedCount) / shares)},"Pool Stale%":0.0,"Priority":${pool.index},"Proxy":"","Proxy Type":"","Quota":1,"Rejected":${pool.rejectedCount},"Remote Failures":0` +
    `,"Stale":${pool.staleCount},"Status":"${pool.alive ? "Alive" : "Dead"}","Stratum Active":${pool.active},"Stratum Difficulty":${float(difficulty)},"Stratum URL":"${host}","URL":"${pool.url}","User":"${pool.worker}"` +
    `,"Work Difficulty":${float(difficulty)},"Works":${pool.active ? work.localWork : 0}}`
  );
}

function devs(answering: Answering): string {
  const { reading, machine, whenS } = answering;
  const difficulty = float(machine.profile.poolDifficulty);
  const rows = reading.boards
    .filter((board) => board.present)
    .map((board, asc) => {
      const now = float(board.hashrateHs / 1e6);
      return (
        `{"ASC":${asc},"Accepted":0,"Device Elapsed":${reading.uptimeS},"Device Hardware%":0.0,"Device Rejected%":0.0,"Diff1 Work":${Math.floor(reading.uptimeS * 14)},"Difficulty Accepted":0.0,"Difficulty Rejected":0.0` +
        `,"Enabled":"Y","Hardware Error MHS 15m":0.0,"Hardware Errors":${board.hwErrorCount},"ID":${board.chain},"Last Share Difficulty":${difficulty},"Last Share Pool":-1,"Last Share Time":${whenS},"Last Valid Work":${whenS}` +
        `,"MHS 15m":${now},"MHS 1m":${now},"MHS 5m":${now},"MHS 5s":${now},"MHS av":${now},"Name":"","Nominal MHS":${float(board.ratedHashrateHs / 1e6)},"Rejected":0,"Status":"Alive","Temperature":0.0` +
        `,"Total MH":${float((board.hashrateHs / 1e6) * reading.uptimeS)},"Utility":0.0}`
      );
    });
  return `${status(answering, 9, `${rows.length} ASC(s)`)},"DEVS":[${rows.join(",")}],"id":1}`;
}

/** Positions without a fan report 0 rpm. */
function fans(answering: Answering): string {
  const { fansRpm, fanDutyRatio } = answering.reading;
  const rows: string[] = [];
  for (let n = 0; n < FAN_POSITIONS; n++)
    rows.push(`{"FAN":${n},"ID":${n},"RPM":${fansRpm[n] ?? 0},"Speed":${Math.round(fanDutyRatio * 100)}}`);
  return `${status(answering, 202, `${FAN_POSITIONS} Fan(s)`)},"FANS":[${rows.join(",")}],"id":1}`;
}

/** Chip temperatures are not read on S9: 0.0 stands for no sensor. */
function temps(answering: Answering): string {
  const rows = answering.reading.boards
    .filter((board) => board.present)
    .map((board, n) => `{"Board":${float(Math.max(...board.boardTempsC))},"Chip":0.0,"ID":${board.chain},"TEMP":${n}}`);
  return `${status(answering, 201, `${rows.length} Temp(s)`)},"TEMPS":[${rows.join(",")}],"id":1}`;
}
