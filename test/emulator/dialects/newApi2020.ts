import type { MinerProfile } from "../profiles/profile.ts";
import type { BoardReading } from "../reading.ts";
import type { Answer, Answering } from "./dialect.ts";
import { grouped, shortDifficulty, workFigures } from "./dialect.ts";
import { picTemps, rate, real } from "./jansson.ts";

/** The answers to `"new_api": true`, which are those of the CGI as well: STATUS is an object, chains are counted from 0, rates are GH/s. */
export function newApi2020(profile: MinerProfile): ReadonlyMap<string, Answer> {
  const serials = profile.quirks.includes("serialEeprom");
  return new Map<string, Answer>([
    ["stats", (answering) => envelope(answering, "stats", `"STATS": [${statsRow(answering, serials)}]`)],
    ["summary", (answering) => envelope(answering, "summary", `"SUMMARY": [${summaryRow(answering)}]`)],
    ["pools", (answering) => envelope(answering, "pools", `"POOLS": [${poolRows(answering)}]`)],
    ["rate", (answering) => envelope(answering, "rate", `"RATE": [${rateRow(answering)}]`)],
    ["warning", (answering) => envelope(answering, "warning", `"WARNING": []`)],
    ["reload", (answering) => envelope(answering, "reload", null)],
  ]);
}

function envelope({ machine, whenS }: Answering, name: string, body: string | null): string {
  const { minerVersion, type } = machine.profile;
  const status = `{"STATUS": {"STATUS": "S", "when": ${whenS}, "Msg": "${name}", "api_version": "1.0.0"}`;
  if (body === null) return `${status}}`;
  return `${status}, "INFO": {"miner_version": "${minerVersion}", "CompileTime": "${machine.compileTime}", "type": "${type}"}, ${body}}`;
}

function rates({ reading }: Answering): string {
  return `"elapsed": ${reading.uptimeS}, "rate_5s": ${rate(reading.hashrateHs, 1e9)}, "rate_30m": ${rate(reading.hashrate30mHs, 1e9)}, "rate_avg": ${rate(reading.hashrateMeanHs, 1e9)}, "rate_ideal": ${rate(reading.ratedHashrateHs, 1e9)}, "rate_unit": "GH/s"`;
}

function statsRow(answering: Answering, serials: boolean): string {
  const { reading, machine } = answering;
  const present = reading.boards.filter((board) => board.present);
  const hwRatio = reading.acceptedCount === 0 ? 0 : reading.hwErrorCount / (reading.acceptedCount * machine.profile.poolDifficulty);
  const chains = present.map((board) => chainRow(board, answering, serials)).join(", ");
  return (
    `{${rates(answering)}, "chain_num": ${present.length}, "fan_num": ${reading.fansRpm.length}, "fan": [${reading.fansRpm.join(", ")}]` +
    `${serials ? `, "psu": {"index": 0, "status": "ok"}` : ""}, "hwp_total": ${real(Number(hwRatio.toFixed(4)))}, "miner-mode": ${reading.asleep ? 1 : 0}, "freq-level": 100, "chain": [${chains}]}`
  );
}

function chainRow(board: BoardReading, { machine, reading }: Answering, serials: boolean): string {
  const position = reading.boards.indexOf(board);
  const serial = serials ? `${machine.serial.slice(0, 14)}${position}${(machine.seed % 89) + 10}` : "";
  return (
    `{"index": ${position}, "freq_avg": ${board.freqMhz}, "rate_ideal": ${rate(board.ratedHashrateHs, 1e9)}, "rate_real": ${rate(board.hashrateHs, 1e9)}, "asic_num": ${board.chipCount}` +
    `, "asic": "${grouped(board.chipMap, machine.profile.chipGroup)}", "temp_pic": [${picTemps(board).join(", ")}], "temp_pcb": [${board.boardTempsC.join(", ")}], "temp_chip": [${board.chipTempsC.join(", ")}]` +
    `, "hw": ${board.hwErrorCount}, "eeprom_loaded": true, "sn": "${serial}", "hwp": 0.0, "tpl": [[]]}`
  );
}

function summaryRow(answering: Answering): string {
  const { reading, machine } = answering;
  const { bestShare } = workFigures(answering);
  const hot = reading.chipTempCMax >= machine.profile.stopChipC || machine.conditions.heat === "tripped";
  const items = [
    statusItem("rate", reading.hashing ? null : { code: "R:1", message: "low hashrate" }),
    statusItem("network", reading.pools.some((pool) => pool.alive) ? null : { code: "N:4", message: "pool connect failed" }),
    statusItem("fans", reading.fansRpm.includes(0) ? { code: "F:1", message: "fan lost" } : null),
    statusItem("temp", hot ? { code: "P:1", message: "temperature too high" } : null),
  ];
  return `{${rates(answering)}, "hw_all": ${reading.hwErrorCount}, "bestshare": ${bestShare}, "status": [${items.join(", ")}]}`;
}

function statusItem(type: string, trouble: { code: string; message: string } | null): string {
  if (trouble === null) return `{"type": "${type}", "status": "s", "code": 0, "msg": ""}`;
  return `{"type": "${type}", "status": "e", "code": "${trouble.code}", "msg": "${trouble.message}"}`;
}

function poolRows(answering: Answering): string {
  const difficulty = answering.machine.profile.poolDifficulty;
  const work = workFigures(answering);
  return answering.reading.pools
    .map((pool) => {
      const used = pool.acceptedCount > 0;
      return (
        `{"index": ${pool.index}, "url": "${pool.url}", "user": "${pool.worker}", "status": "${pool.alive ? "Alive" : "Deed"}", "priority": ${pool.index}, "getworks": ${used ? work.getworks : 0}` +
        `, "accepted": ${pool.acceptedCount}, "rejected": ${pool.rejectedCount}, "discarded": ${used ? work.discarded : 0}, "stale": ${pool.staleCount}, "diff": "${pool.active ? shortDifficulty(difficulty) : ""}", "diff1": 0` +
        `, "diffa": ${pool.acceptedCount * difficulty}, "diffr": ${pool.rejectedCount * difficulty}, "diffs": ${pool.staleCount * difficulty}, "lsdiff": ${used ? difficulty : 0}, "lstime": "${pool.lastShareAgoS ?? 0}"}`
      );
    })
    .join(", ");
}

function rateRow({ reading }: Answering): string {
  return `{"unit": "GH/s", "xAxis": ["${reading.uptimeS}"], "series": [{"name": "rate", "data": [${rate(reading.hashrateHs, 1e9)}]}]}`;
}
