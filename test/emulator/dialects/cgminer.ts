import type { PoolReading } from "../reading.ts";
import type { Answering, Dialect, Failure } from "./dialect.ts";
import { CGMINER_ONLY, clock, head, hostOf, shortDifficulty, workFigures } from "./dialect.ts";

// What the programs grown from cgminer's own sources have in common: no blanks, two, four or eight decimals by the kind of number,
// commands joined with "+", and the groups of the shipped configuration, which refuse all commands but five.

/** The parts of a dialect that do not differ between S9, L3+ and X17. */
export const CGMINER_RULES: Pick<Dialect, "denied" | "joins" | "rewrite"> = { denied: new Set(CGMINER_ONLY), joins: true, rewrite: null };

/** Refusals carry the description of the program that refuses. */
export function refusal(description: string): (failure: Failure, whenS: number) => string {
  return ({ code, message }, whenS) => `${head({ whenS, code, message, description, letter: "E" })},"id":1}`;
}

export function version({ machine, whenS }: Answering): string {
  const { program, minerVersion, versionType, versionMessage } = machine.profile;
  const status = head({ whenS, code: 22, message: versionMessage, description: program.description });
  return `${status},"VERSION":[{"${program.key}":"${program.version}","API":"3.1","Miner":"${minerVersion}","CompileTime":"${machine.compileTime}","Type":"${versionType}"}],"id":1}`;
}

export function summary(answering: Answering): string {
  const { machine, whenS } = answering;
  return `${head({ whenS, code: 11, message: "Summary", description: machine.profile.program.description })},"SUMMARY":[{${summaryFields(answering)}}],"id":1}`;
}

/** The fields of one summary row, in order. */
export function summaryFields(answering: Answering): string {
  const { machine, reading, whenS } = answering;
  const unit = machine.profile.fieldUnitHs;
  const work = workFigures(answering);
  const shares = reading.acceptedCount + reading.rejectedCount;
  return (
    `"Elapsed":${reading.uptimeS},"GHS 5s":"${(reading.hashrateHs / unit).toFixed(2)}","GHS av":${(reading.hashrateMeanHs / unit).toFixed(2)},"Found Blocks":0,"Getworks":${work.getworks}` +
    `,"Accepted":${reading.acceptedCount},"Rejected":${reading.rejectedCount},"Hardware Errors":${reading.hwErrorCount},"Utility":${work.utility.toFixed(2)},"Discarded":${work.discarded},"Stale":${reading.staleCount}` +
    `,"Get Failures":0,"Local Work":${work.localWork},"Remote Failures":0,"Network Blocks":${Math.floor(reading.uptimeS / 590)},"Total MH":${work.totalMh.toFixed(4)},"Work Utility":${work.workUtility.toFixed(2)}` +
    `,"Difficulty Accepted":${work.difficultyAccepted}.00000000,"Difficulty Rejected":${work.difficultyRejected}.00000000,"Difficulty Stale":${work.difficultyStale}.00000000,"Best Share":${work.bestShare}` +
    `,"Device Hardware%":${hardwarePercent(answering)},"Device Rejected%":${percent(reading.rejectedCount, shares)},"Pool Rejected%":${percent(reading.rejectedCount, shares)}` +
    `,"Pool Stale%":${percent(reading.staleCount, shares)},"Last getwork":${whenS}`
  );
}

/** A percentage with four decimals. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "0.0000" : ((100 * part) / whole).toFixed(4);
}

export function hardwarePercent({ machine, reading }: Answering): string {
  return percent(reading.hwErrorCount, reading.hwErrorCount + reading.acceptedCount * machine.profile.poolDifficulty);
}

export function pools(answering: Answering): string {
  const { reading, machine, whenS } = answering;
  const rows = reading.pools.map((pool) => poolRow(pool, answering)).join(",");
  return `${head({ whenS, code: 7, message: `${reading.pools.length} Pool(s)`, description: machine.profile.program.description })},"POOLS":[${rows}],"id":1}`;
}

function poolRow(pool: PoolReading, answering: Answering): string {
  const difficulty = answering.machine.profile.poolDifficulty;
  const work = workFigures(answering);
  const used = pool.acceptedCount > 0;
  const shares = pool.acceptedCount + pool.rejectedCount;
  return (
    `{"POOL":${pool.index},"URL":"${pool.url}","Status":"${pool.alive ? "Alive" : "Dead"}","Priority":${pool.index},"Quota":1,"Long Poll":"N","Getworks":${pool.active || used ? work.getworks : 0}` +
    `,"Accepted":${pool.acceptedCount},"Rejected":${pool.rejectedCount},"Discarded":${pool.active || used ? work.discarded : 0},"Stale":${pool.staleCount},"Get Failures":0,"Remote Failures":0` +
    `,"User":"${pool.worker}","Last Share Time":"${pool.lastShareAgoS === null ? "0" : clock(pool.lastShareAgoS)}","Diff":"${pool.active ? shortDifficulty(difficulty) : ""}","Diff1 Shares":0` +
    `,"Proxy Type":"","Proxy":"","Difficulty Accepted":${pool.acceptedCount * difficulty}.00000000,"Difficulty Rejected":${pool.rejectedCount * difficulty}.00000000,"Difficulty Stale":${pool.staleCount * difficulty}.00000000` +
    `,"Last Share Difficulty":${used ? difficulty : 0}.00000000,"Has Stratum":${pool.url !== ""},"Stratum Active":${pool.active},"Stratum URL":"${pool.active ? hostOf(pool.url) : ""}","Has GBT":false` +
    `,"Best Share":${used ? work.bestShare : 0},"Pool Rejected%":${percent(pool.rejectedCount, shares)},"Pool Stale%":${percent(pool.staleCount, shares)}}`
  );
}

/** One entry for the whole machine. */
export function devs(answering: Answering): string {
  const { machine, reading, whenS } = answering;
  const { program, statsId } = machine.profile;
  const work = workFigures(answering);
  const lastShareS = whenS - (reading.pools[0].lastShareAgoS ?? 0);
  return (
    `${head({ whenS, code: 9, message: "1 ASC(s)", description: program.description })},"DEVS":[{"ASC":0,"Name":"${statsId.slice(0, -1)}","ID":0,"Enabled":"Y","Status":"Alive","Temperature":${reading.boardTempCMax.toFixed(2)}` +
    `,"MHS av":${(reading.hashrateMeanHs / 1e6).toFixed(2)},"MHS 5s":${(reading.hashrateHs / 1e6).toFixed(2)},"Accepted":${reading.acceptedCount},"Rejected":${reading.rejectedCount},"Hardware Errors":${reading.hwErrorCount}` +
    `,"Utility":${work.utility.toFixed(2)},"Last Share Pool":0,"Last Share Time":${lastShareS},"Total MH":${work.totalMh.toFixed(4)},"Diff1 Work":0,"Difficulty Accepted":${work.difficultyAccepted}.00000000` +
    `,"Difficulty Rejected":${work.difficultyRejected}.00000000,"Last Share Difficulty":${machine.profile.poolDifficulty}.00000000,"Last Valid Work":${lastShareS},"Device Hardware%":${hardwarePercent(answering)}` +
    `,"Device Rejected%":0.0000,"Device Elapsed":${reading.uptimeS}}],"id":1}`
  );
}

/** The first row of stats: what the machine is. `between` is the comma that programs up to 2019 forgot. */
export function statsHead({ machine, whenS }: Answering, between: "," | ""): string {
  const { program, minerVersion, type, statsId, statsMessage } = machine.profile;
  const status = head({ whenS, code: 70, message: statsMessage, description: program.description });
  return (
    `${status},"STATS":[{"${program.key}":"${program.version}","Miner":"${minerVersion}","CompileTime":"${machine.compileTime}","Type":"${type}"}${between}` +
    `{"STATS":0,"ID":"${statsId}"`
  );
}

export const NOISE_FIELDS = `"Calls":0,"Wait":0.000000,"Max":0.000000,"Min":99999999.000000`;
