import type { MinerProfile } from "../profiles/profile.ts";
import type { BoardReading, PoolReading } from "../reading.ts";
import type { Answer, Answering, Dialect, Failure } from "./dialect.ts";
import { clock, grouped, hostOf, shortDifficulty, workFigures } from "./dialect.ts";
import { chipId, picTemps, rate, real } from "./jansson.ts";
import { newApi2020 } from "./newApi2020.ts";

// Bitmain's rewrite for X19 and X21 (`cgminer 1.0.0`). It builds its answers with jansson: a blank behind each colon and comma, reals with
// 12 digits and always a point. Four chains are printed, the fourth does not exist; "total rate" has a blank; Pool Stale%% two signs.

const CHAINS = 4;

function status(whenS: number, code: number, message: string, letter = "S"): string {
  return `{"STATUS": [{"STATUS": "${letter}", "When": ${whenS}, "Code": ${code}, "Msg": "${message}", "Description": "cgminer 1.0.0"}]`;
}

export function bitmain2020(profile: MinerProfile): Dialect {
  return {
    commands: new Map<string, Answer>([
      ["version", version],
      ["summary", summary],
      ["stats", stats],
      ["pools", pools],
      ["devs", profile.quirks.includes("devsTemperature") ? devs2024 : devs],
    ]),
    denied: new Set(),
    joins: false,
    rewrite: { newApi: newApi2020(profile) },
    failure: ({ code, message }: Failure, whenS: number) => `${status(whenS, code, message, "E")}, "id": 1}`,
  };
}

function version({ machine, whenS }: Answering): string {
  const { program, minerVersion, versionType, versionMessage } = machine.profile;
  return `${status(whenS, 22, versionMessage)}, "VERSION": [{"${program.key}": "${program.version}", "API": "3.1", "Miner": "${minerVersion}", "CompileTime": "${machine.compileTime}", "Type": "${versionType}"}], "id": 1}`;
}

function summary(answering: Answering): string {
  const { reading, whenS, machine } = answering;
  const unit = machine.profile.fieldUnitHs;
  const work = workFigures(answering);
  return (
    `${status(whenS, 11, "Summary")}, "SUMMARY": [{"Elapsed": ${reading.uptimeS}, "GHS 5s": ${rate(reading.hashrateHs, unit)}, "GHS av": ${rate(reading.hashrateMeanHs, unit)}` +
    `, "GHS 30m": ${rate(reading.hashrate30mHs, unit)}, "Found Blocks": 0, "Getwork": ${work.getworks}, "Accepted": ${reading.acceptedCount}, "Rejected": ${reading.rejectedCount}` +
    `, "Hardware Errors": ${reading.hwErrorCount}, "Utility": ${rate(work.utility, 1)}, "Discarded": ${work.discarded}, "Stale": ${reading.staleCount}, "Get Failures": 0` +
    `, "Local Work": ${work.localWork}, "Remote Failures": 0, "Network Blocks": ${Math.floor(reading.uptimeS / 590)}, "Total MH": ${real(Math.round(work.totalMh))}, "Work Utility": ${rate(work.workUtility, 1)}` +
    `, "Difficulty Accepted": ${real(work.difficultyAccepted)}, "Difficulty Rejected": ${real(work.difficultyRejected)}, "Difficulty Stale": ${real(work.difficultyStale)}, "Best Share": ${work.bestShare}` +
    `, "Device Hardware%": 0.0, "Device Rejected%": 0.0, "Pool Rejected%": 0.0, "Pool Stale%": 0.0, "Last getwork": ${whenS}}], "id": 1}`
  );
}

function stats({ machine, reading, whenS }: Answering): string {
  const { profile } = machine;
  const { boards, fansRpm } = reading;
  const unit = profile.fieldUnitHs;
  const mean = rate(reading.hashrateMeanHs, unit);
  const present = boards.filter((board) => board.present);
  let fans = "";
  for (let n = 1; n <= 4; n++) fans += `, "fan${n}": ${fansRpm[profile.fans.indexOf(n)] ?? 0}`;
  let hottest = "";
  for (const board of present)
    hottest += `, "temp${board.chain}": ${Math.max(...board.boardTempsC)}, "temp2_${board.chain}": ${Math.max(...board.chipTempsC)}`;
  const chips = present.reduce((sum, board) => sum + board.chipCount, 0);
  return (
    `${status(whenS, 70, profile.statsMessage)}, "STATS": [{"${profile.program.key}": "${profile.program.version}", "Miner": "${profile.minerVersion}", "CompileTime": "${machine.compileTime}", "Type": "${profile.type}"}` +
    `, {"STATS": 0, "ID": "${profile.statsId}", "Elapsed": ${reading.uptimeS}, "Calls": 0, "Wait": 0, "Max": 0, "Min": 99999999, "GHS 5s": ${rate(reading.hashrateHs, unit)}, "GHS av": ${mean}` +
    `, "rate_30m": ${rate(reading.hashrate30mHs, unit)}, "Mode": 2, "miner_count": ${present.length}, "frequency": ${profile.freqMhz}, "fan_num": ${fansRpm.filter((rpm) => rpm > 0).length}${fans}` +
    `, "temp_num": ${present.length}${hottest}` +
    chainFields(
      boards,
      (board) => `"temp_pcb${board.chain}": "${board.boardTempsC.join("-")}"`,
      (n) => `"temp_pcb${n}": "0-0-0-0"`,
    ) +
    chainFields(
      boards,
      (board) => `"temp_chip${board.chain}": "${board.chipTempsC.join("-")}"`,
      (n) => `"temp_chip${n}": "0-0-0-0"`,
    ) +
    chainFields(
      boards,
      (board) => `"temp_pic${board.chain}": "${picTemps(board).join("-")}"`,
      (n) => `"temp_pic${n}": "0-0-0-0"`,
    ) +
    `, "total_rateideal": ${rate(reading.ratedHashrateHs, unit)}, "rate_unit": "GH", "total_freqavg": ${profile.freqMhz}, "total_acn": ${chips}, "total rate": ${mean}, "temp_max": 0, "no_matching_work": ${reading.hwErrorCount}` +
    chainFields(
      boards,
      (board) => `"chain_acn${board.chain}": ${board.chipCount}`,
      (n) => `"chain_acn${n}": 0`,
    ) +
    chainFields(
      boards,
      (board) => `"chain_acs${board.chain}": "${grouped(board.chipMap, profile.chipGroup)}"`,
      (n) => `"chain_acs${n}": ""`,
    ) +
    chainFields(
      boards,
      (board) => `"chain_hw${board.chain}": ${board.hwErrorCount}`,
      (n) => `"chain_hw${n}": 0`,
    ) +
    chainFields(
      boards,
      (board) => `"chain_rate${board.chain}": "${(board.hashrateHs / unit).toFixed(2)}"`,
      (n) => `"chain_rate${n}": ""`,
    ) +
    chainFields(
      boards,
      (board) => `"freq${board.chain}": ${board.freqMhz}`,
      (n) => `"freq${n}": 0`,
    ) +
    `, "miner_version": "${profile.minerVersion}", "miner_id": "${chipId(machine.seed)}"}], "id": 1}`
  );
}

/** One field for each of the four chains; what a chain says that is not there is its own kind of nothing. */
function chainFields(boards: readonly BoardReading[], field: (board: BoardReading) => string, nothing: (chain: number) => string): string {
  let text = "";
  for (let chain = 1; chain <= CHAINS; chain++) {
    const board = chain <= boards.length ? boards[chain - 1] : null;
    text += `, ${board?.present === true ? field(board) : nothing(chain)}`;
  }
  return text;
}

function pools(answering: Answering): string {
  const list = answering.reading.pools.map((pool) => poolRow(pool, answering)).join(", ");
  return `${status(answering.whenS, 7, `${answering.reading.pools.length} Pool(s)`)}, "POOLS": [${list}], "id": 1}`;
}

function poolRow(pool: PoolReading, answering: Answering): string {
  const { reading, machine } = answering;
  const difficulty = machine.profile.poolDifficulty;
  const work = workFigures(answering);
  const isSet = pool.url !== "";
  const used = pool.acceptedCount > 0;
  // "Deed" is what the program says of a pool that is not set or does not answer.
  return (
    `{"POOL": ${pool.index}, "URL": "${pool.url}", "Status": "${pool.alive ? "Alive" : "Deed"}", "Priority": ${pool.index}, "Quota": 1, "Long Poll": "N", "Getworks": ${pool.active || used ? work.getworks : 0}` +
    `, "Accepted": ${pool.acceptedCount}, "Rejected": ${pool.rejectedCount}, "Discarded": ${pool.active || used ? work.discarded : 0}, "Stale": ${pool.staleCount}, "Get Failures": 0, "Remote Failures": 0` +
    `, "User": "${pool.worker}", "Last Share Time": "${pool.lastShareAgoS === null ? "0" : clock(pool.lastShareAgoS)}", "Diff": "${pool.active ? shortDifficulty(difficulty) : ""}", "Diff1 Shares": 0` +
    `, "Proxy Type": "", "Proxy": "", "Difficulty Accepted": ${real(pool.acceptedCount * difficulty)}, "Difficulty Rejected": ${real(pool.rejectedCount * difficulty)}, "Difficulty Stale": ${real(pool.staleCount * difficulty)}` +
    `, "Last Share Difficulty": ${real(used ? difficulty : 0)}, "Has Stratum": ${isSet}, "Stratum Active": ${pool.active}, "Stratum URL": "${pool.active ? hostOf(pool.url) : ""}", "Has GBT": false` +
    `, "Best Share": ${real(used && reading.acceptedCount > 0 ? work.bestShare : 0)}, "Pool Rejected%": 0.0, "Pool Stale%%": 0.0}`
  );
}

function devs(answering: Answering): string {
  return devsRow(answering, `"Tenperature": 0.0, "MHS av": 0.0, "MHS 5s": 0.0`);
}

function devs2024(answering: Answering): string {
  const { reading } = answering;
  const inGhs = `"MHS av": ${rate(reading.hashrateMeanHs, 1e9)}, "MHS 5s": ${rate(reading.hashrateHs, 1e9)}`;
  return devsRow(answering, `"Temperature": ${real(reading.boardTempCMax)}, ${inGhs}`);
}

function devsRow(answering: Answering, middle: string): string {
  const { reading, whenS } = answering;
  const work = workFigures(answering);
  const lastShareS = whenS - (reading.pools[0].lastShareAgoS ?? 0);
  return (
    `${status(whenS, 9, "1 ASC(s)")}, "DEVS": [{"ASC": 0, "Name": "BTM_SOC", "ID": 0, "Enabled": "Y", "Status": "Alive", ${middle}, "Accepted": ${reading.acceptedCount}, "Rejected": ${reading.rejectedCount}` +
    `, "Hardware Errors": 0, "Utility": 0.0, "Last Share Pool": 0, "Last Share Time": ${lastShareS}, "Total MH": 0.0, "Diff1 Work": 0, "Difficulty Accepted": ${work.difficultyAccepted}, "Difficulty Rejected": ${work.difficultyRejected}` +
    `, "Last Share Difficulty": ${lastShareS}, "Last Valid Work": ${lastShareS}, "Device Hardware%": 0.0, "Device Rejected%": 0.0, "Device Elapsed": ${reading.uptimeS}}], "id": 1}`
  );
}
