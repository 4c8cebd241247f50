/** How a firmware writes its answers: one entry per file in dialects/. */
export type DialectName = "bitmainS9" | "bitmainL3" | "bitmainX17" | "bitmain2020" | "vnish" | "luxos" | "braiins";

/** Where the temperature sensors of a hashboard sit, in the order in which they are printed. */
export type SensorLayout = "air" | "hydro";

/** What one kind of machine is and says: facts only, read by the dialects, the web API and the model of the machine. */
export interface MinerProfile {
  readonly key: string; // "S19 Pro", "S19 VNish"; what `models` and scenarios name
  readonly model: string;
  readonly firmware: "stock" | "vnish" | "luxos" | "braiins";
  readonly dialect: DialectName;

  readonly type: string; // as `Type` says it
  readonly versionType: string; // as `Type` of version says it, which may differ
  readonly program: { readonly key: string; readonly version: string; readonly description: string }; // BMMiner, 1.0.0, cgminer 1.0.0
  readonly minerVersion: string; // `Miner`
  readonly compileTime: string;
  readonly nextCompileTime: string; // after firmwareChange
  readonly statsId: string; // BTM_SOC0
  readonly statsMessage: string; // "CGMiner stats"
  readonly versionMessage: string;

  readonly chains: readonly number[]; // as the field names number them
  readonly chipsPerChain: number;
  readonly chipGroup: number; // letters between two blanks of the chip map
  readonly fans: readonly number[]; // indices of the fans that exist
  readonly fanRpm: readonly [min: number, max: number];
  readonly fanStepRpm: number;
  readonly ratedHs: number;
  readonly fieldUnitHs: number; // what a field named GHS is in
  readonly powerW: number;
  readonly freqMhz: number;
  readonly voltageV: number;
  readonly chipRiseC: number; // of the hottest chips over the intake at full load
  readonly chipOverBoardC: number; // how much warmer the chips read than the board below them
  readonly stopChipC: number; // where the firmware stops for heat
  readonly sensors: SensorLayout;
  readonly poolDifficulty: number;
  /** HW errors of one board per hour of full work. */
  readonly hwErrorsPerHour: number;

  readonly controlBoard: "zynq" | "beaglebone" | "amlogic" | "cvitek";
  readonly subtype: string; // /etc/subtype as miner_type.cgi gives it
  readonly kernel: string;
  /** Small differences between images of one dialect. */
  readonly quirks: readonly Quirk[];
}

export type Quirk =
  | "exHashRate" // T17+: "Ex Hash Rate" and chain_SNN in stats
  | "devsTemperature" // images of 2024 spell Temperature right and put GH/s into the MHS of devs
  | "serialEeprom"; // new_api names the serial of each board
