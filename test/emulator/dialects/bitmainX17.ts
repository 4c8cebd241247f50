import type { MinerProfile } from "../profiles/profile.ts";
import type { BoardReading, Reading } from "../reading.ts";
import type { Answer, Dialect } from "./dialect.ts";
import { grouped, repeated } from "./dialect.ts";
import { CGMINER_RULES, devs, NOISE_FIELDS, pools, refusal, statsHead, summary, version } from "./cgminer.ts";
import { chainFields, hottest } from "./chainFields.ts";
import { chipId } from "./jansson.ts";

const CHAINS = 16;

/** The program of X15 and X17 (2019): still printed by hand, with its comma; four sensors per board, sixteen chains and fans in the answer. */
export function bitmainX17(profile: MinerProfile): Dialect {
  return {
    ...CGMINER_RULES,
    commands: new Map<string, Answer>([
      ["version", version],
      ["summary", summary],
      ["stats", statsOf(profile)],
      ["pools", pools],
      ["devs", devs],
    ]),
    failure: refusal(profile.program.description),
  };
}

function statsOf(profile: MinerProfile): Answer {
  const fields = chainFields(profile.chains, CHAINS);
  const temp = fields("temp", "0");
  const temp2 = fields("temp2_", "0");
  const temp3 = fields("temp3_", "0");
  const tempPcb = fields("temp_pcb", `"0-0-0-0"`);
  const tempChip = fields("temp_chip", `"0-0-0-0"`);
  const rateIdeal = repeated((n) => `chain_rateideal${n}`, "0.00", 1, CHAINS);
  const acn = fields("chain_acn", "0");
  const acs = fields("chain_acs", `""`);
  const hw = fields("chain_hw", "0");
  const rates = fields("chain_rate", `""`);
  const freq = fields("freq", "0");
  const restFans = repeated((n) => `fan${n}`, "0", 5, 16);
  const unit = profile.fieldUnitHs;
  const extra = profile.quirks.includes("exHashRate");

  return (answering) => {
    const { reading: told, machine } = answering;
    const reading = told.asleep ? silenced(told) : told;
    const { boards, fansRpm } = reading;
    // Asleep, the boards are counted and say nothing.
    const counted = told.boards.filter((board) => board.present);
    const chips = boards.reduce((sum, board) => sum + board.chipCount, 0);
    const total = (reading.hashrateHs / unit).toFixed(2);
    return (
      `${statsHead(answering, ",")},"Elapsed":${reading.uptimeS},${NOISE_FIELDS},"GHS 5s":"${total}","GHS av":${(reading.hashrateMeanHs / unit).toFixed(2)},"GHS 30m":${(reading.hashrate30mHs / unit).toFixed(2)}` +
      `,"Mode":${told.asleep ? 254 : 1}${extra ? `,"Ex Hash Rate":0` : ""},"miner_count":${counted.length},"frequency":"","fan_num":${fansRpm.filter((rpm) => rpm > 0).length}` +
      `,"fan1":${fansRpm[0]},"fan2":${fansRpm[1]},"fan3":${fansRpm[2]},"fan4":${fansRpm[3]},${restFans},"temp_num":${counted.length}` +
      `,${temp(boards, (board) => String(hottest(board.boardTempsC)))},${temp2(boards, (board) => String(hottest(board.chipTempsC)))},${temp3(boards, (board) => String(hottest(board.chipTempsC)))}` +
      `,${tempPcb(boards, (board) => `"${board.boardTempsC.join("-")}"`)},${tempChip(boards, (board) => `"${board.chipTempsC.join("-")}"`)}` +
      `,"total_rateideal":${told.asleep ? "0.00" : (reading.ratedHashrateHs / unit).toFixed(2)},"rate_unit":"GH","total_freqavg":0.00,"total_acn":${chips},"total_rate":${total},${rateIdeal},"temp_max":${reading.boardTempCMax}` +
      `,"no_matching_work":${reading.hwErrorCount},${acn(boards, (board) => String(board.chipCount))},${acs(boards, (board) => `"${grouped(board.chipMap, profile.chipGroup)}"`)}` +
      `,${hw(boards, (board) => String(board.hwErrorCount))},${rates(boards, (board) => `"${(board.hashrateHs / unit).toFixed(2)}"`)}${oddities(counted, extra)}` +
      `,${freq(boards, (board) => String(board.freqMhz))},"miner_version":"${profile.minerVersion}","miner_id":"${chipId(machine.seed)}"}],"id":1}`
    );
  };
}

/** Fields of the boards that answer, with an underscore or without as their authors pleased. */
function oddities(boards: readonly BoardReading[], serials: boolean): string {
  return (
    boards.map(({ chain }) => `,"chain_xtime${chain}":"{}"`).join("") +
    boards.map(({ chain }) => `,"chain_offside_${chain}":""`).join("") +
    boards.map(({ chain }) => `,"chain_opencore_${chain}":"1"`).join("") +
    (serials ? boards.map(({ chain }) => `,"chain_SN${chain}":"unknow"`).join("") : "")
  );
}

/** Mode 254: the machine answers, with nothing behind it. */
function silenced(reading: Reading): Reading {
  const boards = reading.boards.map((board) => ({ ...board, present: false, chipCount: 0 }));
  return { ...reading, boards, boardTempCMax: 0, fansRpm: reading.fansRpm.map(() => 0), hwErrorCount: 0 };
}
