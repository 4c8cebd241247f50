import type { MinerProfile } from "./profile.ts";
import { STOCK_2020, STOCK_OLD } from "./stock.ts";

function hardwareOf(key: string): MinerProfile {
  const found = [...STOCK_2020, ...STOCK_OLD].find((profile) => profile.key === key);
  if (found === undefined) throw new TypeError(`No profile "${key}"`);
  return found;
}

const VNISH = {
  firmware: "vnish",
  dialect: "vnish",
  program: { key: "Cgminer", version: "4.11.1", description: "cgminer 4.11.1" },
  minerVersion: "uart_trans.1.3",
  compileTime: "Sat Jun 24 11:17:59 UTC 2023",
  nextCompileTime: "2025-12-22 19:12:30",
  statsMessage: "CGMiner stats",
  chipGroup: 10,
  chipOverBoardC: 15,
  fanRpm: [1500, 6000],
  fanStepRpm: 30,
  quirks: [],
} as const satisfies Partial<MinerProfile>;

export const ALTERNATIVE: readonly MinerProfile[] = [
  {
    ...hardwareOf("S9"),
    key: "S9 Braiins",
    firmware: "braiins",
    dialect: "braiins",
    type: "",
    versionType: "",
    program: { key: "BOSminer", version: "0.2.0-d360818", description: "BOSminer 0.2.0-d360818" },
    minerVersion: "",
    compileTime: "",
    nextCompileTime: "",
    statsMessage: "BOSminer stats",
    versionMessage: "BOSminer versions",
    fans: [1, 2],
    ratedHs: 14e12,
    freqMhz: 650,
  },
  {
    ...hardwareOf("S19"),
    ...VNISH,
    key: "S19 VNish",
    type: "Antminer S19 (Vnish 1.2.0-rc1)",
    versionType: "Antminer S19 (Vnish 1.2.0-rc1)",
    statsId: "BTM_S19",
    ratedHs: 102e12,
    freqMhz: 725,
  },
  {
    ...hardwareOf("S19 XP"),
    ...VNISH,
    key: "S19 XP VNish",
    type: "Antminer S19 XP (Vnish 1.2.0-rc1)",
    versionType: "Antminer S19 XP (Vnish 1.2.0-rc1)",
    statsId: "BTM_S19XP",
    ratedHs: 144e12,
    freqMhz: 495,
    voltageV: 12.625,
  },
  {
    ...hardwareOf("S19k Pro"),
    key: "S19k Pro LuxOS",
    firmware: "luxos",
    dialect: "luxos",
    program: { key: "LUXminer", version: "2025.4.8.220305-57b389c7", description: "LUXminer 2025.4.8.220305-57b389c7" },
    minerVersion: "2025.4.8.220305",
    compileTime: "Tue Apr  8 22:05:35 UTC 2025",
    nextCompileTime: "Thu Aug 14 17:41:09 UTC 2025",
    statsMessage: "LUXminer stats",
    versionMessage: "LUXminer versions",
    fanStepRpm: 60,
    voltageV: 11.88,
    controlBoard: "cvitek",
    subtype: "CVCtrl_BHB56903",
    quirks: [],
  },
];
