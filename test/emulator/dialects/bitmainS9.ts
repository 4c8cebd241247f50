import type { MinerProfile } from "../profiles/profile.ts";
import type { Answer, Dialect } from "./dialect.ts";
import { grouped, repeated } from "./dialect.ts";
import { CGMINER_RULES, devs, hardwarePercent, NOISE_FIELDS, pools, refusal, statsHead, summary, version } from "./cgminer.ts";
import { chainFields, hottest } from "./chainFields.ts";
import { chipId } from "./jansson.ts";

const CHAINS = 16;
const FANS = 8;

/** bmminer of S9: sixteen chains of which 6, 7 and 8 exist, eight fans of which 5 and 6 exist, no comma between the rows of stats. */
export function bitmainS9(profile: MinerProfile): Dialect {
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
  const temp3 = repeated((n) => `temp3_${n}`, "0", 1, CHAINS);
  const freqAvg = fields("freq_avg", "0.00");
  const rateIdeal = fields("chain_rateideal", "0.00");
  const acn = fields("chain_acn", "0");
  const acs = fields("chain_acs", `""`);
  const hw = fields("chain_hw", "0");
  const rates = fields("chain_rate", `""`);
  const unit = profile.fieldUnitHs;

  return (answering) => {
    const { reading, machine } = answering;
    const { boards, fansRpm } = reading;
    const present = boards.filter((board) => board.present);
    const chips = present.reduce((sum, board) => sum + board.chipCount, 0);
    return (
      `${statsHead(answering, "")},"Elapsed":${reading.uptimeS},${NOISE_FIELDS},"GHS 5s":"${(reading.hashrateHs / unit).toFixed(2)}","GHS av":${(reading.hashrateMeanHs / unit).toFixed(2)}` +
      `,"miner_count":${present.length},"frequency":"${profile.freqMhz}","fan_num":${fansRpm.filter((rpm) => rpm > 0).length},${fansOf(profile, fansRpm)},"temp_num":${present.length}` +
      `,${temp(boards, (board) => String(hottest(board.boardTempsC)))},${temp2(boards, (board) => String(hottest(board.chipTempsC)))},${temp3}` +
      `,${freqAvg(boards, (board) => board.freqMhz.toFixed(2))},"total_rateideal":${(reading.ratedHashrateHs / unit).toFixed(2)},"total_freqavg":${profile.freqMhz.toFixed(2)},"total_acn":${chips}` +
      `,"total_rate":${(reading.hashrateHs / unit).toFixed(2)},${rateIdeal(boards, (board) => (board.ratedHashrateHs / unit).toFixed(2))},"temp_max":${reading.boardTempCMax}` +
      `,"Device Hardware%":${hardwarePercent(answering)},"no_matching_work":${reading.hwErrorCount},${acn(boards, (board) => String(board.chipCount))}` +
      `,${acs(boards, (board) => `"${grouped(board.chipMap, profile.chipGroup)}"`)},${hw(boards, (board) => String(board.hwErrorCount))}` +
      `,${rates(boards, (board) => `"${(board.hashrateHs / unit).toFixed(2)}"`)}` +
      present.map((board) => `,"chain_xtime${board.chain}":"{}"`).join("") +
      present.map((board) => `,"chain_offside_${board.chain}":""`).join("") +
      present.map((board) => `,"chain_opencore_${board.chain}":"1"`).join("") +
      `,"miner_version":"${profile.minerVersion}","miner_id":"${chipId(machine.seed)}"}],"id":1}`
    );
  };
}

function fansOf(profile: MinerProfile, fansRpm: readonly number[]): string {
  const fans: string[] = [];
  for (let n = 1; n <= FANS; n++) fans.push(`"fan${n}":${fansRpm[profile.fans.indexOf(n)] ?? 0}`);
  return fans.join(",");
}
