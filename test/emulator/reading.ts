/** What is true of one hashboard at one instant. */
export interface BoardReading {
  readonly chain: number; // as the field names number it
  readonly present: boolean;
  readonly hashrateHs: number;
  readonly ratedHashrateHs: number;
  readonly chipCount: number; // 0 where the board is dead
  readonly chipOkCount: number;
  readonly chipMap: string; // letters only: "o" good, "x" bad; "" where the board is dead
  readonly freqMhz: number;
  readonly voltageV: number;
  readonly powerW: number;
  readonly boardTempsC: readonly number[]; // four sensors, whole degrees
  readonly chipTempsC: readonly number[];
  readonly hwErrorCount: number; // since the mining program started
}

/** What is true of one pool slot. Counts since the mining program started. */
export interface PoolReading {
  readonly index: number;
  readonly url: string; // "" for a slot that is not set
  readonly worker: string;
  readonly alive: boolean;
  readonly active: boolean;
  readonly acceptedCount: number;
  readonly rejectedCount: number;
  readonly staleCount: number;
  readonly lastShareAgoS: number | null; // null: no share yet
}

/** What is true of one machine at one whole second: what every answer of that second says in its firmware's words. */
export interface Reading {
  readonly atMs: number;
  readonly uptimeS: number; // of the mining program
  readonly hashing: boolean;
  readonly asleep: boolean;
  readonly hashrateHs: number; // the 5 s value
  readonly hashrateMeanHs: number; // since the program started; outlives a stop
  readonly hashrate30mHs: number;
  readonly ratedHashrateHs: number;
  readonly powerW: number;
  readonly intakeTempC: number; // of the room
  readonly chipTempCMax: number;
  readonly boardTempCMax: number;
  readonly fanDutyRatio: number; // 0 to 1
  readonly fansRpm: readonly number[]; // one per fan that the model has, in order
  readonly boards: readonly BoardReading[]; // one per chain that the model has
  readonly hwErrorCount: number;
  readonly acceptedCount: number;
  readonly rejectedCount: number;
  readonly staleCount: number;
  readonly pools: readonly PoolReading[];
}
