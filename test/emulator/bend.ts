import type { Reading } from "./reading.ts";

/** A rate that no machine has, and the figures that broken sensors are known to give. */
const SENSOR_NONSENSE: readonly number[] = [255, -83, 0, 6550];

/** What a machine says whose program has lost its wits: values out of all bounds, in answers that are well formed. */
export function bend(reading: Reading): Reading {
  return {
    ...reading,
    hashrateHs: reading.hashrateHs * 1000,
    fansRpm: reading.fansRpm.map(() => 65535),
    hwErrorCount: 4294967295,
    boards: reading.boards.map((board) => ({
      ...board,
      hashrateHs: board.hashrateHs * 1000,
      boardTempsC: SENSOR_NONSENSE,
      chipTempsC: SENSOR_NONSENSE,
    })),
  };
}
