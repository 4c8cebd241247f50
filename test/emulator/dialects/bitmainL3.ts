import type { MinerProfile } from "../profiles/profile.ts";
import type { Answer, Answering, Dialect } from "./dialect.ts";
import { grouped } from "./dialect.ts";
import { CGMINER_RULES, devs, hardwarePercent, NOISE_FIELDS, pools, refusal, statsHead, summary, version } from "./cgminer.ts";
import { chainFields, hottest } from "./chainFields.ts";

/** cgminer 4.9 of L3+: four chains, rates in MH/s under names that say GHS, no comma between the rows of stats. */
export function bitmainL3(profile: MinerProfile): Dialect {
  const fields = chainFields(profile.chains, profile.chains.length);
  const printers = {
    temp: fields("temp", "0"),
    temp2: fields("temp2_", "0"),
    temp3: fields("temp3", "0"),
    temp4: fields("temp4_", "0"),
    acn: fields("chain_acn", "0"),
    acs: fields("chain_acs", `""`),
    hw: fields("chain_hw", "0"),
    rate: fields("chain_rate", `""`),
  };
  return {
    ...CGMINER_RULES,
    commands: new Map<string, Answer>([
      ["version", version],
      ["summary", summary],
      ["stats", (answering) => stats(answering, printers)],
      ["pools", pools],
      ["devs", devs],
    ]),
    failure: refusal(profile.program.description),
  };
}

type Printers = Record<"temp" | "temp2" | "temp3" | "temp4" | "acn" | "acs" | "hw" | "rate", ReturnType<ReturnType<typeof chainFields>>>;

function stats(answering: Answering, print: Printers): string {
  const { reading, machine } = answering;
  const { boards, fansRpm } = reading;
  const { freqMhz, fieldUnitHs: unit, chipGroup } = machine.profile;
  const presentCount = boards.filter((board) => board.present).length;
  return (
    `${statsHead(answering, "")},"Elapsed":${reading.uptimeS},${NOISE_FIELDS},"GHS 5s":"${(reading.hashrateHs / unit).toFixed(2)}","GHS av":${(reading.hashrateMeanHs / unit).toFixed(2)}` +
    `,"miner_count":${presentCount},"frequency":"${freqMhz}","fan_num":${fansRpm.filter((rpm) => rpm > 0).length},${fansRpm.map((rpm, n) => `"fan${n + 1}":${rpm}`).join(",")},"temp_num":${presentCount}` +
    `,${print.temp(boards, (board) => String(hottest(board.boardTempsC)))},${print.temp2(boards, (board) => String(hottest(board.chipTempsC)))}` +
    `,${print.temp3(boards, () => "0")},${print.temp4(boards, () => "0")},"temp_max":${reading.boardTempCMax},"Device Hardware%":${hardwarePercent(answering)},"no_matching_work":${reading.hwErrorCount}` +
    `,${print.acn(boards, (board) => String(board.chipCount))},${print.acs(boards, (board) => `"${grouped(board.chipMap, chipGroup)}"`)}` +
    `,${print.hw(boards, (board) => String(board.hwErrorCount))},${print.rate(boards, (board) => `"${(board.hashrateHs / unit).toFixed(2)}"`)}}],"id":1}`
  );
}
