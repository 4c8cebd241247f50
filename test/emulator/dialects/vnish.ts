import type { MinerProfile } from "../profiles/profile.ts";
import type { BoardReading, PoolReading } from "../reading.ts";
import type { Answer, Answering, Dialect } from "./dialect.ts";
import { clock, grouped, hostOf, shortDifficulty, workFigures } from "./dialect.ts";
import { NOISE_FIELDS, percent, summaryFields } from "./cgminer.ts";

// VNish 1.2: a blank behind "STATUS": and before each list, no sixteen chains, two sensors per board, rates of boards as numbers, no version.

const FEE_PERCENT = 2.8;

function status(whenS: number, code: number, message: string, letter = "S"): string {
  return `{"STATUS": [{"STATUS":"${letter}","When":${whenS},"Code":${code},"Msg":"${message}","Description":"cgminer 4.11.1"}]`;
}

export function vnish(profile: MinerProfile): Dialect {
  return {
    commands: new Map<string, Answer>([
      ["summary", summary],
      ["stats", (answering) => stats(answering, profile)],
      ["pools", pools],
      ["devdetails", devdetails],
    ]),
    denied: new Set(),
    joins: false,
    rewrite: null,
    // Its refusals carry code 0 and no id.
    failure: ({ message }, whenS) => `${status(whenS, 0, message, "E")}}`,
  };
}

function summary(answering: Answering): string {
  return `${status(answering.whenS, 11, "Summary")},"SUMMARY": [{${summaryFields(answering)},"Fee Percent":${FEE_PERCENT.toFixed(4)}}],"id":1}`;
}

function stats({ machine, reading, whenS }: Answering, profile: MinerProfile): string {
  const unit = profile.fieldUnitHs;
  const boards = reading.boards.filter((board) => board.present);
  const total = (reading.hashrateHs / unit).toFixed(2);
  const state = reading.asleep ? "stopped" : reading.hashing ? "mining" : reading.uptimeS < 60 ? "initializing" : "failure";
  const each = (field: (board: BoardReading) => string): string => boards.map((board) => `,${field(board)}`).join("");
  const chips = boards.reduce((sum, board) => sum + board.chipCount, 0);
  return (
    `${status(whenS, 70, profile.statsMessage)},"STATS": [{"${profile.program.key}":"${profile.program.version}","Miner":"${profile.minerVersion}","CompileTime":"${machine.compileTime}","Type":"${profile.type}"}` +
    `,{"STATS":0,"ID":"${profile.statsId}","Elapsed":${reading.uptimeS},${NOISE_FIELDS},"GHS 5s":"${total}","GHS av":${(reading.hashrateMeanHs / unit).toFixed(2)},"miner_count":${boards.length},"total_acn":${chips}` +
    `,"frequency":${profile.freqMhz},"total_freqavg":${profile.freqMhz.toFixed(2)},"total_rateideal":${(reading.ratedHashrateHs / unit).toFixed(2)},"total_rate":${total},"state":"${state}","fan_num":${reading.fansRpm.filter((rpm) => rpm > 0).length}` +
    `,"fan_mode":0,"fan_pwm":${Math.round(reading.fanDutyRatio * 100)}${reading.fansRpm.map((rpm, n) => `,"fan${n + 1}":${rpm}`).join("")},"temp_num":${boards.length}` +
    each((board) => `"temp${board.chain}":${Math.max(...board.boardTempsC)}`) +
    each((board) => `"temp2_${board.chain}":${Math.max(...board.chipTempsC)}`) +
    each((board) => `"temp3_${board.chain}":${Math.max(...board.chipTempsC)}`) +
    each((board) => `"temp_sens${board.chain}":"m-m"`) +
    each((board) => `"temp_pcb${board.chain}":"${range(board.boardTempsC)}"`) +
    each((board) => `"temp_chip${board.chain}":"${range(board.chipTempsC)}"`) +
    each((board) => `"chain_state${board.chain}":"${state}"`) +
    each((board) => `"chain_acn${board.chain}":${board.chipCount}`) +
    each((board) => `"chain_vol${board.chain}":${Math.round(board.voltageV * 1000)}`) +
    each((board) => `"freq_avg${board.chain}":${board.freqMhz.toFixed(2)}`) +
    each((board) => `"chain_rateideal${board.chain}":${(board.ratedHashrateHs / unit).toFixed(2)}`) +
    each((board) => `"chain_rate${board.chain}":${(board.hashrateHs / unit).toFixed(2)}`) +
    each((board) => `"chain_hw${board.chain}":${board.hwErrorCount}`) +
    each((board) => `"chain_acs${board.chain}":"${grouped(board.chipMap, profile.chipGroup).trimStart()}"`) +
    each((board) => `"chain_consumption${board.chain}":${Math.round(board.powerW)}`) +
    `,"miner_version":"${profile.minerVersion}","build_version":"1.2.0-rc1"}],"id":1}`
  );
}

/** Coolest and hottest sensor. */
function range(temperatures: readonly number[]): string {
  return `${Math.min(...temperatures)}-${Math.max(...temperatures)}`;
}

function pools(answering: Answering): string {
  const { reading, whenS } = answering;
  const fee: PoolReading = {
    index: reading.pools.length,
    url: "DevFee",
    worker: "DevFee",
    alive: true,
    active: false,
    acceptedCount: Math.floor((reading.acceptedCount * FEE_PERCENT) / 100),
    rejectedCount: Math.floor((reading.rejectedCount * FEE_PERCENT) / 100),
    staleCount: 0,
    lastShareAgoS: reading.acceptedCount < 100 ? null : 396,
  };
  const rows = [...reading.pools, fee].map((pool) => poolRow(pool, answering));
  return `${status(whenS, 7, `${rows.length} Pool(s)`)},"POOLS": [${rows.join(",")}],"id":1}`;
}

function poolRow(pool: PoolReading, answering: Answering): string {
  const difficulty = answering.machine.profile.poolDifficulty;
  const work = workFigures(answering);
  const used = pool.acceptedCount > 0;
  const shares = pool.acceptedCount + pool.rejectedCount;
  return (
    `{"POOL":${pool.index},"URL":"${pool.url}","Status":"${pool.alive ? "Alive" : "Dead"}","Priority":${pool.index},"Long Poll":"N","Getworks":${used ? work.getworks : 0},"Accepted":${pool.acceptedCount}` +
    `,"Rejected":${pool.rejectedCount},"Stale":${pool.staleCount},"Works":${used ? work.localWork : 0},"Discarded":${used ? work.discarded : 0},"Get Failures":0,"Remote Failures":0,"User":"${pool.worker}"` +
    `,"Type":${pool.url === "DevFee" ? 1 : 0},"Last Share Time":"${pool.lastShareAgoS === null ? "0" : clock(pool.lastShareAgoS)}","Diff":"${pool.active ? shortDifficulty(difficulty) : ""}","Diff1 Shares":0` +
    `,"Proxy Type":"","Proxy":"","Difficulty Accepted":${pool.acceptedCount * difficulty}.00000000,"Difficulty Rejected":${pool.rejectedCount * difficulty}.00000000,"Difficulty Stale":${pool.staleCount * difficulty}.00000000` +
    `,"Last Share Difficulty":${used ? difficulty : 0}.00000000,"Work Difficulty":${pool.active ? difficulty : 0}.00000000,"Has Stratum":true,"Stratum Active":${pool.active},"Stratum URL":"${pool.active ? hostOf(pool.url) : ""}"` +
    `,"Stratum Difficulty":${pool.active ? difficulty : 0}.00000000,"Has Vmask":${pool.alive},"Best Share":${used ? work.bestShare : 0},"Pool Rejected%":${percent(pool.rejectedCount, shares)}` +
    `,"Pool Stale%":${percent(pool.staleCount, shares)},"Bad Work":0,"Current Block Height":0,"Current Block Version":${pool.active ? 536870912 : 0}}`
  );
}

function devdetails({ reading, whenS, machine }: Answering): string {
  const rows = reading.boards.map(
    (_, n) =>
      `{"DEVDETAILS":${n},"Name":"${machine.profile.statsId.slice(4)}","ID":${n},"Driver":"Bitmain","Kernel":"","Model":"","Device Path":""}`,
  );
  return `${status(whenS, 69, "Device Details")},"DEVDETAILS": [${rows.join(",")}],"id":1}`;
}
