import type { MinerProfile } from "../profiles/profile.ts";
import type { BoardReading, PoolReading } from "../reading.ts";
import type { Answer, Answering, Dialect } from "./dialect.ts";
import { clock, grouped, head, workFigures } from "./dialect.ts";
import { percent } from "./cgminer.ts";
import { rate, real } from "./jansson.ts";

// LuxOS imitates the stock answer with its own ideas: total_acn is 4, "total rate" is the mean of the boards, chain_rateN are averages,
// temperatures are reals, devs come in no order, and "Long Poll" is spelt Long Pool.

/** Positions in which the fans are listed, and what each is called. */
const FAN_LABELS = ["FAN4", "FAN2", "FAN1", "FAN3"] as const;
const DEVS_ORDER = [2, 0, 1] as const;

export function luxos(profile: MinerProfile): Dialect {
  const { description } = profile.program;
  return {
    commands: new Map<string, Answer>([
      ["version", version],
      ["summary", summary],
      ["stats", stats],
      ["pools", pools],
      ["devs", devs],
      ["fans", fans],
      ["temps", temps],
      ["power", power],
      ["config", config],
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

function version(answering: Answering): string {
  const { program, minerVersion, versionType, versionMessage } = answering.machine.profile;
  return `${status(answering, 22, versionMessage)},"VERSION":[{"${program.key}":"${program.version}","API":"3.7","Miner":"${minerVersion}","CompileTime":"${answering.machine.compileTime}","Type":"${versionType}"}],"id":1}`;
}

function summary(answering: Answering): string {
  const { reading, whenS } = answering;
  const work = workFigures(answering);
  const now = rate(reading.hashrateHs, 1e9);
  const mean = rate(reading.hashrateMeanHs, 1e9);
  const halfHour = rate(reading.hashrate30mHs, 1e9);
  return (
    `${status(answering, 11, "Summary")},"SUMMARY":[{"Elapsed":${reading.uptimeS},"GHS 5s":${now},"GHS 1m":${now},"GHS 5m":${halfHour},"GHS 15m":${halfHour},"GHS 30m":${halfHour},"GHS 24h":${mean},"GHS av":${mean}` +
    `,"Found Blocks":0,"Getworks":${work.getworks},"Accepted":${reading.acceptedCount},"Rejected":${reading.rejectedCount},"Hardware Errors":${reading.hwErrorCount},"Utility":${rate(work.utility, 1)},"Discarded":0` +
    `,"Stale":${reading.staleCount},"Get Failures":0,"Local Work":0,"Remote Failures":0,"Network Blocks":0,"Total MH":${reading.hashrateMeanHs / 1e6},"Work Utility":${rate(work.workUtility, 1)}` +
    `,"Difficulty Accepted":${work.difficultyAccepted},"Difficulty Rejected":${work.difficultyRejected},"Difficulty Stale":${work.difficultyStale},"Best Share":${work.bestShare}` +
    `,"Device Hardware%":0.0,"Device Rejected%":0.0,"Pool Rejected%":${percent(reading.rejectedCount, reading.acceptedCount + reading.rejectedCount)},"Pool Stale%":0.0,"Last getwork":${whenS}}],"id":1}`
  );
}

function stats(answering: Answering): string {
  const { machine, reading } = answering;
  const { profile } = machine;
  const { boards, fansRpm } = reading;
  const present = boards.filter((board) => board.present);
  const freq = real(profile.freqMhz);
  const four = (field: (board: BoardReading) => string, nothing: (n: number) => string): string =>
    [1, 2, 3, 4]
      .map((n) => (boards[n - 1]?.present ? field(boards[n - 1]) : nothing(n)))
      .map((text) => `,${text}`)
      .join("");
  const joined = (temperatures: readonly number[]): string => temperatures.join("-");
  return (
    `${status(answering, 70, profile.statsMessage)},"STATS":[{"Miner":"${profile.minerVersion}","CompileTime":"${machine.compileTime}","Type":"${profile.type}"}` +
    `,{"STATS":0,"ID":"${profile.statsId}","Elapsed":${reading.uptimeS},"Calls":0,"Wait":0,"Max":0,"Min":99999999,"GHS 5s":${rate(reading.hashrateHs, 1e9)},"GHS av":${rate(reading.hashrateMeanHs, 1e9)},"rate_30m":${rate(reading.hashrate30mHs, 1e9)}` +
    `,"Mode":2,"miner_count":${present.length},"frequency":${profile.freqMhz},"fan_num":${fansRpm.filter((rpm) => rpm > 0).length},"fan1":${fansRpm[0]},"fan2":${fansRpm[1]},"fan3":${fansRpm[2]},"fan4":${fansRpm[3]},"temp_num":${present.length}` +
    present
      .map(
        ({ chain, boardTempsC }) => `,"temp${chain}":${real(Math.max(...boardTempsC))},"temp2_${chain}":${real(Math.max(...boardTempsC))}`,
      )
      .join("") +
    four(
      (board) => `"temp_pcb${board.chain}":"${joined(board.boardTempsC)}"`,
      (n) => `"temp_pcb${n}":"0-0-0-0"`,
    ) +
    four(
      (board) => `"temp_chip${board.chain}":"${joined(board.boardTempsC)}"`,
      (n) => `"temp_chip${n}":"0-0-0-0"`,
    ) +
    four(
      (board) => `"temp_pic${board.chain}":"${joined(board.boardTempsC)}"`,
      (n) => `"temp_pic${n}":"0-0-0-0"`,
    ) +
    `,"total_rateideal":${rate(reading.ratedHashrateHs, 1e9)},"rate_unit":"GH","total_freqavg":${freq},"total_acn":4,"total rate":${rate(reading.hashrateMeanHs / boards.length, 1e9)},"temp_max":${real(reading.boardTempCMax)}` +
    `,"no_matching_work":${reading.hwErrorCount}` +
    four(
      (board) => `"chain_acn${board.chain}":${board.chipCount}`,
      (n) => `"chain_acn${n}":0`,
    ) +
    four(
      (board) => `"chain_acs${board.chain}":"${grouped(board.chipMap, profile.chipGroup)}"`,
      (n) => `"chain_acs${n}":""`,
    ) +
    four(
      (board) => `"chain_hw${board.chain}":${board.hwErrorCount}`,
      (n) => `"chain_hw${n}":0`,
    ) +
    four(
      (board) => `"chain_rate${board.chain}":"${meanOf(board, answering).toFixed(2)}"`,
      (n) => `"chain_rate${n}":"0"`,
    ) +
    four(
      (board) => `"freq${board.chain}":${freq}`,
      (n) => `"freq${n}":0.0`,
    ) +
    `,"miner_version":"${profile.minerVersion}","miner_id":"${machine.mac.replaceAll(":", "").toLowerCase()}"}],"id":1}`
  );
}

/** The average of one board in GH/s: its part of the machine's. */
function meanOf(board: BoardReading, { reading }: Answering): number {
  const part = reading.hashrateHs > 0 ? board.hashrateHs / reading.hashrateHs : 1 / reading.boards.length;
  return (reading.hashrateMeanHs * part) / 1e9;
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
  return (
    `{"POOL":${pool.index},"URL":"${pool.url}","Status":"${pool.alive ? "Alive" : "Dead"}","Priority":${pool.index},"Quota":1.0,"GROUP":0,"Long Pool":"N","Getworks":${pool.active ? work.getworks : 0},"Accepted":${pool.acceptedCount}` +
    `,"Rejected":${pool.rejectedCount},"Works":0,"Discarded":0,"Stale":${pool.staleCount},"Get Failures":0,"Remote Failures":0,"User":"${pool.worker}","Last Share Time":"${clock(pool.lastShareAgoS ?? 0).padStart(8, "0")}"` +
    `,"Diff":"${difficulty === 0 ? "0" : `${Math.round(difficulty / 1024)}K`}","Diff1 Shares":${pool.acceptedCount * full},"Proxy Type":"","Proxy":"","Difficulty Accepted":${pool.acceptedCount * full},"Difficulty Rejected":${pool.rejectedCount * full}` +
    `,"Difficulty Stale":${pool.staleCount * full},"Last Share Difficulty":${difficulty},"Work Difficulty":${difficulty},"Has Stratum":true,"Stratum Active":${pool.active},"Stratum URL":"${host}","Stratum Difficulty":${difficulty}` +
    `,"Has Vmask":true,"Has GBT":false,"AsicBoost":true,"Best Share":${difficulty},"Pool Rejected%":${shares === 0 ? "0.0" : percent(pool.rejectedCount, shares)},"Pool Stale%":0.0,"Bad Work":0,"Current Block Height":0` +
    `,"Current Block Version":${pool.active ? 536870912 : 0}}`
  );
}

function devs(answering: Answering): string {
  const { boards } = answering.reading;
  const rows = DEVS_ORDER.filter((position) => boards[position].present).map((position) => devRow(position, answering));
  return `${status(answering, 9, `${rows.length} ASC(s)`)},"DEVS":[${rows.join(",")}],"id":1}`;
}

function devRow(position: number, answering: Answering): string {
  const { reading, machine, whenS } = answering;
  const board = reading.boards[position];
  const mhs = board.hashrateHs / 1e6;
  const mean = meanOf(board, answering) * 1000;
  const accepted = Math.floor(reading.acceptedCount / reading.boards.length);
  const difficulty = machine.profile.poolDifficulty;
  return (
    `{"ASC":${position},"Name":"","ID":${position},"Enabled":"Y","Status":"Alive","Temperature":${real(Math.max(...board.boardTempsC))},"MHS av":${mean},"MHS 5s":${mhs},"MHS 1m":${mhs},"MHS 5m":${mean},"MHS 15m":${mean}` +
    `,"MHS 30m":${mean},"MHS 60m":${mean},"Accepted":${accepted},"Rejected":0,"Hardware Errors":${board.hwErrorCount},"Utility":0,"Last Share Pool":0,"Last Share Time":${whenS},"Total MH":${mean}` +
    `,"Diff1 Work":${accepted * difficulty},"Difficulty Accepted":${accepted * difficulty},"Difficulty Rejected":0,"Last Share Difficulty":${difficulty},"Last Valid Work":${whenS},"Device Hardware%":0,"Device Rejected%":0` +
    `,"Device Elapsed":${reading.uptimeS},"Nominal MHS":${real(board.ratedHashrateHs / 1e6)},"Hardware Error MHS 15m":0,"Board":"BHB56903","Connector":"J${[7, 9, 8][position]}","ControllerIPVersionHex":"0x18351835"` +
    `,"ControllerIPVersionStr":"N/A","IsRamping":${reading.uptimeS < 300},"IsUserShutdown":false,"Profile":"${machine.profile.freqMhz}MHz","SerialNumber":"${machine.serial.slice(0, 16)}${position}"}`
  );
}

function fans(answering: Answering): string {
  const { reading } = answering;
  const speed = Math.round(reading.fanDutyRatio * 100);
  const rows = FAN_LABELS.map((label, id) => `{"FAN":"${label}","ID":${id},"RPM":${reading.fansRpm[id]},"Speed":${speed}}`);
  return `${status(answering, 202, `${rows.length} Fan(s)`)},"FANS":[${rows.join(",")}],"FANCTRL":[{"MinFans":3,"PowerOffSpeed":20}],"id":1}`;
}

function temps(answering: Answering): string {
  const boards = answering.reading.boards.filter((board) => board.present);
  const rows = boards.map(({ chain, boardTempsC: [intakeTop, intakeBottom, exhaustTop, exhaustBottom] }) => {
    const id = chain - 1;
    return `{"ID":${id},"TEMP":${id},"TopLeft":${real(exhaustTop)},"TopRight":${real(intakeTop)},"BottomLeft":${real(exhaustBottom)},"BottomRight":${real(intakeBottom)}}`;
  });
  const corner = (name: string, label: string, at: string): string => `"${name}":{"Label":"${label}","Position":[${at}]}`;
  const metadata = [
    corner("TopLeft", "Board Exhaust (top)", "0,0"),
    corner("TopRight", "Board Intake (top)", "0,1"),
    corner("BottomLeft", "Board Exhaust (bottom)", "1,0"),
    corner("BottomRight", "Board Intake (bottom)", "1,1"),
  ];
  return `${status(answering, 201, `${rows.length} Temp(s)`)},"METADATA":[{${metadata.join(",")}}],"TEMPS":[${rows.join(",")}],"id":1}`;
}

function power(answering: Answering): string {
  return `${status(answering, 311, "Power usage")},"POWER":[{"PSU":false,"Watts":${answering.reading.powerW}}],"id":1}`;
}

function config(answering: Answering): string {
  const { machine, reading } = answering;
  const { profile } = machine;
  const fields: Record<string, unknown> = {
    "ASC Count": reading.boards.filter((board) => board.present).length,
    BcastAddr: "127.255.255.255",
    ControlBoardType: profile.controlBoard,
    Cooling: "Air",
    CurtailMode: reading.asleep ? "Sleep" : "None",
    DHCP: true,
    "DNS Servers": "",
    "Device Code": "",
    FPGABuildIdHex: "0x18351835",
    FPGABuildIdStr: "2018-35-18 35:00",
    FeeStatus: "Ok",
    Gateway: "127.0.0.1",
    GreenLed: "auto",
    Hostname: machine.worker.replace(".", "-"),
    Hotplug: "None",
    IPAddr: machine.address,
    ImmersionMode: false,
    IsAtmEnabled: true,
    IsPowerSupplyOn: !reading.asleep,
    IsSingleVoltage: true,
    IsTuning: reading.uptimeS < 300,
    "Log Interval": 0,
    LogFileLevel: "info",
    MACAddr: machine.mac.toLowerCase(),
    Model: profile.type,
    NameplateTHS: reading.ratedHashrateHs / 1e12 + 0.5,
    Netmask: "255.0.0.0",
    OS: "LuxOS",
    "PGA Count": 0,
    PSUHwVersion: "75",
    PSULabel: "APW121215e",
    "Pool Count": reading.pools.filter((pool) => pool.url !== "").length,
    Profile: `${profile.freqMhz}MHz`,
    ProfileStep: "0",
    RedLed: "auto",
    SerialNumber: machine.serial,
    Strategy: "Failover",
    SystemStatus: reading.asleep ? "Sleeping" : "Normal",
    UpdateOnStartup: "off",
    UpdateOnTimeout: "off",
    UpdateOnUser: "full",
    UpdateSource: "https://updates.example/stable",
    UpdateTimeout: 60,
  };
  return `${status(answering, 33, "LUXminer config")},"CONFIG":[${JSON.stringify(fields)}],"id":1}`;
}
