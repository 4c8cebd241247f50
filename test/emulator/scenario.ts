import { EmulatorError } from "./endpoints.ts";

/** What can go wrong with a miner, with all its settings. Boards and fans are positions from 0; null lets the miner's own seed choose. */
export type Fault =
  | { readonly name: "refuse" | "hang" | "closeEarly" | "cut" | "garbage" | "wrongValues" }
  | { readonly name: "slow"; readonly delayMs: number }
  | { readonly name: "deadBoard"; readonly board: number | null }
  | { readonly name: "deadChips"; readonly board: number | null; readonly chips: number }
  | { readonly name: "fanStopped"; readonly fan: number | null }
  | { readonly name: "overheat"; readonly climbMs: number; readonly bootMs: number }
  | { readonly name: "poolLoss"; readonly pools: "first" | "all" }
  | { readonly name: "poolHijack"; readonly url: string; readonly worker: string }
  | { readonly name: "sleep" | "reboot" | "powerLoss"; readonly bootMs: number }
  | { readonly name: "firmwareChange"; readonly firmware: string | null; readonly bootMs: number }
  | { readonly name: "addressChange"; readonly address: string | null };

export type FaultName = Fault["name"];

/** One event of a scenario. `atMs` counts from the start of the emulator, or from now for an event that is injected. */
export interface ScenarioEvent {
  readonly atMs: number;
  readonly forMs: number | null; // null: to the end
  readonly miners: MinerSelection;
  readonly fault: Fault;
}
export type MinerSelection = "all" | { readonly rack: number } | readonly number[];

/** What a caller writes: the fault's name, and its settings beside it. */
export interface ScenarioEventInput {
  readonly atMs?: number;
  readonly forMs?: number;
  readonly miners: string | readonly number[] | { readonly rack: number };
  readonly fault: FaultName;
  readonly [setting: string]: unknown;
}
export interface Scenario {
  readonly events: readonly ScenarioEventInput[];
}

type Fields = Readonly<Record<string, unknown>>;
/** Reads the settings of one fault; everything it does not read is unknown. */
type FaultReader = (read: SettingReader) => Fault;

const readers: Readonly<Record<FaultName, FaultReader>> = {
  refuse: () => ({ name: "refuse" }),
  hang: () => ({ name: "hang" }),
  closeEarly: () => ({ name: "closeEarly" }),
  cut: () => ({ name: "cut" }),
  garbage: () => ({ name: "garbage" }),
  wrongValues: () => ({ name: "wrongValues" }),
  slow: (read) => ({ name: "slow", delayMs: read.whole("delayMs", 3000) }),
  deadBoard: (read) => ({ name: "deadBoard", board: read.wholeOrNull("board") }),
  deadChips: (read) => ({ name: "deadChips", board: read.wholeOrNull("board"), chips: read.whole("chips", 5) }),
  fanStopped: (read) => ({ name: "fanStopped", fan: read.wholeOrNull("fan") }),
  overheat: (read) => ({ name: "overheat", climbMs: read.whole("climbMs", 90_000), bootMs: read.whole("bootMs", 30_000) }),
  poolLoss: (read) => ({ name: "poolLoss", pools: read.oneOf("pools", ["first", "all"], "first") }),
  poolHijack: (read) => ({
    name: "poolHijack",
    url: read.text("url", "stratum+tcp://stratum.elsewhere.example:3333"),
    worker: read.text("worker", "stranger.1"),
  }),
  sleep: (read) => ({ name: "sleep", bootMs: read.whole("bootMs", 30_000) }),
  reboot: (read) => ({ name: "reboot", bootMs: read.whole("bootMs", 60_000) }),
  powerLoss: (read) => ({ name: "powerLoss", bootMs: read.whole("bootMs", 60_000) }),
  firmwareChange: (read) => ({
    name: "firmwareChange",
    firmware: read.textOrNull("firmware"),
    bootMs: read.whole("bootMs", 120_000),
  }),
  addressChange: (read) => ({ name: "addressChange", address: read.textOrNull("address") }),
};

/** Reads `{"events": […]}`; throws EmulatorError naming the event, the field and the value seen. */
export function readScenario(input: unknown, minerCount: number): ScenarioEvent[] {
  if (!isFields(input) || !Array.isArray(input.events)) throw new EmulatorError(`A scenario is {"events": […]}, got ${shown(input)}`);
  const unknownKey = Object.keys(input).find((key) => key !== "events");
  if (unknownKey !== undefined) throw new EmulatorError(`A scenario is {"events": […]}, got the further field "${unknownKey}"`);
  return input.events.map((event, n) => readEvent(event, { where: `Scenario event ${n + 1}`, minerCount }));
}

/** Reads one event; `where` opens the message when it is wrong. */
export function readEvent(input: unknown, { where, minerCount }: { where: string; minerCount: number }): ScenarioEvent {
  if (!isFields(input)) throw new EmulatorError(`${where}: expected an object, got ${shown(input)}`);
  const read = new SettingReader(input, where);
  const name = read.oneOf("fault", Object.keys(readers) as FaultName[], null);
  const event = {
    atMs: read.whole("atMs", 0),
    forMs: read.wholeOrNull("forMs"),
    miners: readMiners(read.raw("miners"), { where, minerCount }),
    fault: readers[name](read),
  };
  read.refuseOthers(name);
  return event;
}

/** Indices that a selection means. */
export function selected(selection: MinerSelection, { minerCount, rackSize }: { minerCount: number; rackSize: number }): number[] {
  if (selection === "all") return Array.from({ length: minerCount }, (_, index) => index);
  if (!("rack" in selection)) return [...selection];
  const from = selection.rack * rackSize;
  return Array.from({ length: Math.max(0, Math.min(rackSize, minerCount - from)) }, (_, n) => from + n);
}

function readMiners(value: unknown, { where, minerCount }: { where: string; minerCount: number }): MinerSelection {
  if (value === "all") return "all";
  const wrong = (): EmulatorError =>
    new EmulatorError(
      `${where}: "miners" must be "all", "0-47", [0, 1, …] or {"rack": 0}, with miners from 0 to ${minerCount - 1}, got ${shown(value)}`,
    );
  const exists = (index: unknown): index is number =>
    typeof index === "number" && Number.isInteger(index) && index >= 0 && index < minerCount;
  if (Array.isArray(value)) {
    if (value.length === 0 || !value.every(exists)) throw wrong();
    return value;
  }
  if (isFields(value)) {
    const { rack, ...others } = value;
    if (!exists(rack) || Object.keys(others).length > 0) throw wrong();
    return { rack };
  }
  const range = typeof value === "string" ? /^(\d+)(?:-(\d+))?$/.exec(value) : null;
  if (range === null) throw wrong();
  const from = Number(range[1]);
  const to = Number((range[2] as string | undefined) ?? range[1]);
  if (!exists(from) || !exists(to) || to < from) throw wrong();
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

class SettingReader {
  readonly #fields: Fields;
  readonly #where: string;
  readonly #seen = new Set<string>();

  constructor(fields: Fields, where: string) {
    this.#fields = fields;
    this.#where = where;
  }

  raw(name: string): unknown {
    this.#seen.add(name);
    return this.#fields[name];
  }

  whole(name: string, fallback: number): number {
    return this.wholeOrNull(name) ?? fallback;
  }

  wholeOrNull(name: string): number | null {
    const value = this.raw(name);
    if (value === undefined || value === null) return null;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw this.#wrong(name, "a whole number from 0", value);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T | null): T {
    const value = this.raw(name);
    if (value === undefined && fallback !== null) return fallback;
    const found = allowed.find((word) => word === value);
    if (found === undefined) throw this.#wrong(name, `one of ${allowed.join(", ")}`, value);
    return found;
  }

  text(name: string, fallback: string): string {
    return this.textOrNull(name) ?? fallback;
  }

  /** Printable, and nothing that would end a JSON string of the answers. */
  textOrNull(name: string): string | null {
    const value = this.raw(name);
    if (value === undefined || value === null) return null;
    if (typeof value !== "string" || !/^[\x20-\x7e]+$/.test(value) || /["\\]/.test(value))
      throw this.#wrong(name, "printable text without quotes and backslashes", value);
    return value;
  }

  refuseOthers(fault: string): void {
    const other = Object.keys(this.#fields).find((key) => !this.#seen.has(key));
    if (other !== undefined) throw new EmulatorError(`${this.#where}: unknown field "${other}" for fault ${fault}`);
  }

  #wrong(name: string, expected: string, value: unknown): EmulatorError {
    return new EmulatorError(`${this.#where}: "${name}" must be ${expected}, got ${shown(value)}`);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
