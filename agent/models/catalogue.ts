/**
 * What Bitmain's machines are made of. Facts only; figures are the most common factory bin first, further bins behind it.
 * Sources: Bitmain's product pages, the model tables of asic-rs, pyasic and antminer-monitor, stock firmware images, recorded replies.
 * `null` means that no source tells.
 */
export interface MinerModel {
  readonly name: string | null; // null: one set of facts behind several names, each shown as the machine reports it
  readonly algorithm: string;
  /** Factory bins, the most common first: H/s and W at the wall. */
  readonly bins: readonly Bin[];
  /** Entries that the machine's own fields give for its hashboards (an E3 gives nine chains for its three boards); null where units differ. */
  readonly chainCount: number | null;
  readonly firstChain: number; // in the field names: S9 counts 6, 7, 8
  readonly chipsPerChain: number | null;
  readonly fanCount: number | null;
  readonly firstFan: number; // in the field names: S9 uses fan5 and fan6
  readonly cooling: "air" | "hydro" | "immersion";
  /** What the fields named GHS count in, in H/s, where the reply does not name its unit; null: unknown, the unit that comes near the rating. */
  readonly totalUnitHs: number | null;
  readonly chainUnitHs: number | null;
  readonly airflow: Airflow | null;
  /** Type strings as reported, without "Antminer ". */
  readonly types: readonly string[];
}
export interface Bin {
  readonly hashrateHs: number;
  readonly powerW: number | null;
}
/** Which sensors of a board stand where the coolant comes in and goes out. */
export type Airflow =
  | "pcbPairs" // first two of four board sensors at the inlet, last two at the outlet
  | "chipInOut" // "chip" sensors 0 and 1 are inlet and outlet water
  | "pcbInOut"; // board sensors 0 and 2 are inlet and outlet water, the chip stands in the first PIC sensor

type Extra = Partial<Omit<MinerModel, "algorithm" | "bins">>;
type Figures = readonly (readonly [rate: number, powerW: number | null])[];

function row(algorithm: string, unitHs: number, types: string, figures: Figures, extra: Extra): MinerModel {
  const names = types.split("|");
  return {
    name: names[0] ?? null,
    algorithm,
    bins: figures.map(([rate, powerW]) => ({ hashrateHs: rate * unitHs, powerW })),
    chainCount: 3,
    firstChain: 1,
    chipsPerChain: null,
    fanCount: 4,
    firstFan: 1,
    cooling: "air",
    totalUnitHs: 1e9,
    chainUnitHs: 1e9,
    airflow: null,
    types: names,
    ...extra,
  };
}

/** SHA-256, figures in TH/s and W. */
const sha = (types: string, figures: Figures, chipsPerChain: number | null, extra: Extra = {}): MinerModel =>
  row("sha256d", 1e12, types, figures, { chipsPerChain, ...extra });
/** X19 and X21 on air: four sensors a board, inlet side first. */
const x19 = (types: string, figures: Figures, chipsPerChain: number | null): MinerModel =>
  sha(types, figures, chipsPerChain, { airflow: "pcbPairs" });
const hydro = (types: string, figures: Figures, chipsPerChain: number | null, extra: Extra = {}): MinerModel =>
  sha(types, figures, chipsPerChain, { cooling: "hydro", fanCount: 0, ...extra });
const immersion = (types: string, figures: Figures): MinerModel => sha(types, figures, null, { cooling: "immersion", fanCount: 0 });

/** Chains 6, 7, 8 and fans 5, 6 in the field names (seen). */
const S9 = { firstChain: 6, fanCount: 2, firstFan: 5 } as const;
/** Fields named GHS hold MH/s (seen on L3+, D3, E3). */
const MEGA = { totalUnitHs: 1e6, chainUnitHs: 1e6, fanCount: 2 } as const;
/** "godminer" images: totals in MH/s, chains in GH/s. */
const GODMINER = { totalUnitHs: 1e6, chainUnitHs: 1e9 } as const;
/** Fields named GHS hold kSol/s (seen on Z9, Z11, Z15). */
const KILOSOL = { totalUnitHs: 1e3, chainUnitHs: 1e3, fanCount: 2 } as const;
const UNIT_UNKNOWN = { totalUnitHs: null, chainUnitHs: null } as const;

const SHA256: readonly MinerModel[] = [
  sha("S9", [[13.5, 1323], [11.5, 1127], [12.5, 1225], [13, 1274], [14, 1372]], 63, S9), // prettier-ignore
  sha("S9i", [[14, 1320], [13, 1280], [13.5, 1310], [14.5, 1365]], 63, S9), // prettier-ignore
  sha("S9j", [[14.5, 1350], [14, 1314]], 63, S9), // prettier-ignore
  sha("S9k", [[13.5, 1148]], 60, { fanCount: 2 }),
  sha("S9 SE", [[16, 1280]], null, { fanCount: 2 }),
  sha("S9 Hydro", [[18, 1728]], null, { chainCount: 4, cooling: "hydro", fanCount: 0 }),
  // Sources differ on the chips of a T9: 54 or 57.
  sha("T9", [[12.5, 1576], [11.5, 1450]], null, { fanCount: 2 }), // prettier-ignore
  // A T9+ may show more than three chains with a part of the chips each.
  sha("T9+", [[10.5, 1432]], null, { fanCount: 2, chainCount: null }),
  sha("S11", [[20.5, 1530], [19.5, null]], 84, { fanCount: 2 }), // prettier-ignore
  sha("S15", [[28, 1596]], null, { fanCount: 2, chainCount: 4 }),
  sha("T15", [[23, 1541]], 60, { fanCount: 2 }),
  sha("S17", [[53, 2385], [56, 2520]], 48), // prettier-ignore
  sha("S17 Pro", [[53, 2094], [50, 1975], [56, 2212]], 48), // prettier-ignore
  sha("S17+", [[73, 2920]], 65),
  sha("S17e", [[64, 2880]], 135),
  sha("T17", [[40, 2200]], 30),
  sha("T17+", [[64, 3200], [58, 2920], [61, 3050]], 44), // prettier-ignore
  sha("T17e", [[53, 2915]], 78),
  x19("S19", [[95, 3250], [84, 2478], [90, 2655]], 76), // prettier-ignore
  { ...x19("S19J88NOPIC|S19x88|S19-88", [], 88), name: null },
  x19("S19L", [], 76),
  x19("S19i", [[90, 2970]], 80),
  x19("S19+", [], 80),
  x19("S19 Pro", [[110, 3250], [100, 2950], [105, 3098]], 114), // prettier-ignore
  x19("S19 Pro A", [[100, 2950]], 114),
  x19("S19 Pro+", [[120, 3360]], 120),
  x19("S19 Pro++", [[125, 3250], [115, 2990], [120, 3120]], null), // prettier-ignore
  x19("S19j", [[90, 3250]], 114),
  x19("S19j+", [], 108),
  x19("S19j Pro", [[104, 3068], [84, 2478], [88, 2596], [92, 2714], [96, 2832], [100, 3050]], 126), // prettier-ignore
  x19("S19j Pro+", [[120, 3300], [109, 2998], [113, 3108], [117, 3218], [122, 3355]], 120), // prettier-ignore
  x19("S19a", [[90, 3250]], 72),
  x19("S19a Pro", [[104, 3068]], 100),
  x19("S19k Pro", [[120, 2760]], 77),
  x19("S19 XP", [[140, 3010], [134, 2882], [141, null]], 110), // prettier-ignore
  x19("S19j XP", [[151, 3247]], 110),
  x19("S19 XP+", [], 108),
  hydro("S19 Hydro|S19 Hyd.", [[158, 5451]], 104, { chainCount: 4 }),
  hydro("S19 Pro Hydro|S19 Pro Hyd.", [[177, 5221]], 180, { chainCount: 4 }),
  hydro("S19 Pro+ Hydro|S19 Pro+ Hyd.", [[198, 5445], [191, 5252]], 180, { chainCount: 4 }), // prettier-ignore
  hydro("S19 XP Hydro|S19 XP Hyd.", [[257, 5346], [255, 5304]], 204), // prettier-ignore
  hydro("S19 XP+ Hydro|S19 XP+ Hyd.", [[279, 5301], [293, 5567]], null), // prettier-ignore
  x19("T19", [[84, 3150], [88, 3344]], 76), // prettier-ignore
  hydro("T19 Hydro|T19 Hyd.", [[145, 5438], [158, 5451]], null, { chainCount: null }), // prettier-ignore
  // Some units report the name of their board instead of the model.
  x19("S21|BHB68601|BHB68606", [[200, 3500], [188, 3290]], 108), // prettier-ignore
  x19("S21+", [[216, 3564], [225, 3712], [235, 3877]], 55), // prettier-ignore
  x19("S21 Pro", [[234, 3510], [220, 3300], [245, 3675]], 65), // prettier-ignore
  x19("S21 Pro+", [], 65),
  x19("S21 XP", [[270, 3645]], 91),
  x19("T21", [[190, 3610], [180, 3420]], 108), // prettier-ignore
  immersion("S21 Immersion|S21 Imm.", [[301, 5569]]),
  immersion("S21 XP Immersion|S21 XP Imm.", [[300, 4050]]),
  hydro("S21 Hydro|S21 Hyd.", [[335, 5360]], 216, { airflow: "chipInOut" }),
  hydro("S21+ Hydro|S21+ Hyd.", [[338, 5070], [319, 4785], [358, 5370], [395, null]], 95, { airflow: "pcbInOut" }), // prettier-ignore
  hydro("S21 XP Hydro|S21 XP Hyd.", [[473, 5676]], 160),
  hydro("S21e Hydro|S21e Hyd.", [[288, 4896], [310, 5270]], 85), // prettier-ignore
  hydro("S21e XP Hydro|S21e XP Hyd.", [[430, 5590]], 160),
  hydro("S21j XP Hydro|S21j XP Hyd.", [[495, 5940]], null, { chainCount: null }),
  hydro("S23 Hydro|S23 Hyd.", [[580, 5510]], null),
];

const OTHERS: readonly MinerModel[] = [
  row("scrypt", 1e6, "L3", [[250, null]], { ...MEGA, chainCount: 4, chipsPerChain: 36 }),
  row("scrypt", 1e6, "L3+", [[504, null]], { ...MEGA, chainCount: 4, chipsPerChain: 72 }),
  row("scrypt", 1e6, "L3++", [[580, null]], { ...MEGA, chainCount: 4, chipsPerChain: 72 }),
  row("scrypt", 1e9, "L7", [[9.05, 3425]], { ...GODMINER, chipsPerChain: 120 }),
  row("scrypt", 1e9, "L9", [[16, 3360]], { ...GODMINER, chipsPerChain: 110 }),
  row("scrypt", 1e9, "L11", [], { ...GODMINER, chipsPerChain: 88 }),
  row("x11", 1e9, "D3", [[17, null]], { ...MEGA, chipsPerChain: 60 }),
  row("x11", 1e9, "D7", [], { chipsPerChain: 70 }),
  row("x11", 1e9, "D9", [], { chipsPerChain: 126 }),
  row("ethash", 1e6, "E3", [[190, null]], { ...MEGA, chainCount: 9, chipsPerChain: 2, firstFan: 5 }),
  row("ethash", 1e6, "E9 Pro", [], { ...GODMINER, chainCount: 2, chipsPerChain: 8 }),
  row("equihash", 1e3, "Z9", [[41, 1150]], KILOSOL),
  row("equihash", 1e3, "Z9 mini|Z9-Mini", [[10, 300]], { ...KILOSOL, chipsPerChain: 4 }),
  row("equihash", 1e3, "Z11", [], { ...KILOSOL, chipsPerChain: 3 }),
  row("equihash", 1e3, "Z15", [[420, 1510]], { ...KILOSOL, chipsPerChain: 3 }),
  row("equihash", 1e3, "Z15 Pro", [[840, 2780]], { ...KILOSOL, chipsPerChain: 6 }),
  row("eaglesong", 1e9, "K7", [], { chipsPerChain: 92, fanCount: 2 }),
  row("kadena", 1e9, "KA3", [], { chipsPerChain: 92 }),
  row("handshake", 1e9, "HS3", [], { chipsPerChain: 92 }),
  row("kheavyhash", 1e12, "KS3", [[8.3, 3188]], { chipsPerChain: 92, fanCount: 2 }),
  row("kheavyhash", 1e12, "KS5", [[20, 3000]], { chipsPerChain: 92 }),
  row("kheavyhash", 1e12, "KS5 Pro", [[21, 3150]], { chipsPerChain: 92 }),
  row("blake256r14", 1e9, "DR3", [], { chainCount: null, fanCount: null }),
  row("blake256r14", 1e9, "DR5", [], { chipsPerChain: 72, fanCount: 2 }),
  row("blake2b", 1e9, "A3", [[815, null]], { chipsPerChain: 60, fanCount: 2 }),
  // Six chain entries of two chips.
  row("tensority", 1, "B3", [[780, null]], { ...UNIT_UNKNOWN, chainCount: 6, chipsPerChain: 2, fanCount: 2 }),
  row("cryptonight", 1e3, "X3", [[220, null]], { ...UNIT_UNKNOWN, chipsPerChain: 60, fanCount: 2 }),
];

export const CATALOGUE: readonly MinerModel[] = [...SHA256, ...OTHERS];
