import { answerTo } from "./answer.ts";
import type { Reply } from "./api4028.ts";
import { serveApi } from "./api4028.ts";
import { bend } from "./bend.ts";
import { systemClock, type EmulatorClock } from "./clock.ts";
import type { Reach } from "./conditions.ts";
import type { Place } from "./endpoints.ts";
import { addressAfter, canBind, checkLoopback, EmulatorError } from "./endpoints.ts";
import type { Move } from "./faults.ts";
import { Faults } from "./faults.ts";
import { Door } from "./listener.ts";
import { Machine } from "./machine.ts";
import { fleetProfile, findProfile, PROFILES } from "./profiles/catalogue.ts";
import type { MinerProfile } from "./profiles/profile.ts";
import { hash32 } from "./random.ts";
import type { Reading } from "./reading.ts";
import type { Scenario, ScenarioEvent, ScenarioEventInput } from "./scenario.ts";
import { readEvent, readScenario, selected } from "./scenario.ts";
import type { WebApi } from "./web.ts";
import { createWebApi } from "./web.ts";

/** A timer of the system holds no more than 24 days. */
const WAKE_MAX_MS = 3_600_000;
/** Miners per rack. */
export const RACK_SIZE = 48;

export interface EmulatorOptions {
  readonly count: number;
  /** First address, in 127.0.0.0/8. Default 127.20.0.1. */
  readonly address?: string;
  /** Default 4028; 0 takes a free port, the same for all addresses. */
  readonly port?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Profile keys, one after the other and again from the start; the default is the mix of a grown fleet. */
  readonly models?: readonly string[];
  readonly scenario?: Scenario;
  /** Whether each miner answers the two CGI reads of its web API as well. Default false. */
  readonly web?: boolean;
  /** Default 80; 0 takes a free port, the same for all addresses. */
  readonly webPort?: number;
  /** Default the system clock. */
  readonly clock?: EmulatorClock;
  /** Called for each miner once it listens, in order. */
  readonly onReady?: (endpoint: EmulatedEndpoint) => void;
  /** Called with what went wrong while it ran: an address a miner should move to is in use. */
  readonly onProblem?: (message: string) => void;
}

export interface EmulatedEndpoint extends Place {
  readonly index: number;
  readonly model: string; // as the model is called, without "Antminer"
  readonly profile: string; // key of the profile
  readonly rack: number; // from 0
  readonly webPort: number | null;
}

/** Who a machine is, whatever address it answers at. */
export interface EmulatedIdentity {
  readonly mac: string;
  readonly serial: string;
  readonly controlBoard: MinerProfile["controlBoard"];
  readonly worker: string;
}

export interface EmulatorCounters {
  requestCount: number;
  replyBytes: number;
}

/** A running emulator. Close it. */
export interface Emulator {
  /** Where each miner answers now, by index. */
  readonly endpoints: readonly EmulatedEndpoint[];
  readonly counters: Readonly<EmulatorCounters>;
  /** Lets an event happen, `atMs` from now; resolves when what happens at once has reached the sockets. Throws EmulatorError on a wrong event. */
  inject(event: ScenarioEventInput): Promise<void>;
  /** What is true of a machine now. */
  truth(index: number): Reading;
  identity(index: number): EmulatedIdentity;
  /** The same model asked about the past, `stepMs` apart, `fromMs` to `toMs` inclusive; live values continue it smoothly. */
  history(index: number, fromMs: number, toMs: number, stepMs: number): Reading[];
  /** Lets everything happen that is due by the clock; resolves when it has reached the sockets. For tests with a clock of their own. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts `count` miners on consecutive loopback addresses, or on consecutive ports of 127.0.0.1 where the rest of 127.0.0.0/8 is not routed.
 * Throws EmulatorError naming what is wrong with the options or cannot be had.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { count, address = "127.20.0.1" } = options;
  if (!Number.isInteger(count) || count < 1 || count > 200_000)
    throw new EmulatorError(`Cannot emulate ${count} miners: expected 1 to 200000`);
  checkLoopback(address, count);
  const scenario = readScenario(options.scenario ?? { events: [] }, count);
  const profileAt = chooseProfiles(options.models ?? [], options.seed ?? 1);
  const apart = count === 1 || (await canBind(addressAfter(address, count - 1)));
  const emulator = new RunningEmulator({ ...options, address, apart, profileAt });
  try {
    await emulator.open(scenario);
  } catch (error) {
    await emulator.close();
    throw error;
  }
  return emulator;
}

function chooseProfiles(models: readonly string[], seed: number): (index: number) => MinerProfile {
  if (models.length === 0) return (index) => fleetProfile(seed, index);
  const profiles = models.map((key) => {
    const profile = findProfile(key);
    if (profile === null) throw new EmulatorError(`Unknown model "${key}": one of ${PROFILES.map((known) => known.key).join(", ")}`);
    return profile;
  });
  return (index) => profiles[index % profiles.length];
}

interface Setup extends EmulatorOptions {
  readonly address: string;
  readonly apart: boolean; // each miner on an address of its own
  readonly profileAt: (index: number) => MinerProfile;
}

class RunningEmulator implements Emulator {
  readonly endpoints: EmulatedEndpoint[] = [];
  readonly counters: EmulatorCounters = { requestCount: 0, replyBytes: 0 };
  readonly #setup: Setup;
  readonly #clock: EmulatorClock;
  readonly #startMs: number;
  readonly #machines: readonly Machine[];
  readonly #faults: Faults;
  readonly #doors: Door[] = [];
  readonly #webDoors: Door[] = [];
  readonly #webApi: WebApi | null;
  readonly #moving = new Set<Promise<void>>();
  #closed = false;
  #cancelWake: () => void = () => undefined;
  #wakeAtMs = -Infinity;

  constructor(setup: Setup) {
    const { count, seed = 1, clock = systemClock, profileAt } = setup;
    this.#setup = setup;
    this.#clock = clock;
    this.#startMs = clock.nowMs();
    this.#machines = Array.from({ length: count }, (_, index) => {
      return new Machine({ profile: profileAt(index), index, seed, startMs: this.#startMs });
    });
    this.#webApi = setup.web === true ? createWebApi() : null;
    this.#faults = new Faults(this.#machines, {
      reach: (index, reach, web) => this.#connect(index, reach, web),
      move: (index, to) => this.#move(index, to),
    });
  }

  async open(scenario: readonly ScenarioEvent[]): Promise<void> {
    for (const machine of this.#machines) this.#ready(machine, await this.#openDoors(machine));
    for (const event of scenario) this.#plan(event, this.#startMs);
    await this.settle();
  }

  async inject(input: ScenarioEventInput): Promise<void> {
    const event = readEvent(input, { where: "Event", minerCount: this.#machines.length });
    this.#advance();
    this.#plan(event, this.#clock.nowMs());
    await this.settle();
  }

  truth(index: number): Reading {
    this.#advance();
    return this.#machine(index).read(this.#clock.nowMs());
  }

  identity(index: number): EmulatedIdentity {
    const { mac, serial, worker, profile } = this.#machine(index);
    return { mac, serial, controlBoard: profile.controlBoard, worker };
  }

  history(index: number, fromMs: number, toMs: number, stepMs: number): Reading[] {
    if (!(stepMs > 0)) throw new RangeError(`A history needs a step above 0 ms, got ${stepMs}`);
    const machine = this.#machine(index);
    const readings: Reading[] = [];
    for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) readings.push(machine.read(atMs));
    return readings;
  }

  async settle(): Promise<void> {
    this.#advance();
    await Promise.all(this.#moving);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelWake();
    await Promise.all([...this.#doors, ...this.#webDoors].map((door) => door.set(false)));
    this.#webApi?.close();
  }

  /** Lets happen what is due, and wakes up for what comes next. */
  #advance(): void {
    const nowMs = this.#clock.nowMs();
    this.#faults.advance(nowMs);
    const wakeAtMs = Math.min(this.#faults.nextAtMs ?? Infinity, nowMs + WAKE_MAX_MS);
    if (this.#closed || (this.#wakeAtMs > nowMs && this.#wakeAtMs <= wakeAtMs)) return;
    this.#cancelWake();
    this.#wakeAtMs = wakeAtMs;
    this.#cancelWake = this.#clock.after(wakeAtMs - nowMs, () => this.#advance());
  }

  #machine(index: number): Machine {
    const machine = this.#machines[index] as Machine | undefined;
    if (machine === undefined) throw new RangeError(`No miner ${index}: there are ${this.#machines.length}`);
    return machine;
  }

  #plan(event: ScenarioEvent, originMs: number): void {
    const miners = selected(event.miners, { minerCount: this.#machines.length, rackSize: RACK_SIZE });
    const { fault } = event;
    if (fault.name === "addressChange" && fault.address !== null) {
      if (miners.length !== 1) throw new EmulatorError(`An addressChange to ${fault.address} is for one miner, got ${miners.length}`);
      checkLoopback(fault.address, 1);
    }
    this.#faults.plan(event, { miners, originMs });
  }

  async #openDoors(machine: Machine): Promise<{ door: Door; webDoor: Door | null }> {
    const { index } = machine;
    const { port = 4028, webPort = 80 } = this.#setup;
    const door = new Door(this.#placeOf(index, this.#endpointPort(0) ?? port), (socket) =>
      serveApi(socket, (request) => this.#answer(machine, request), this.#clock),
    );
    this.#doors.push(door);
    await door.set(true);
    const webApi = this.#webApi;
    if (webApi === null) return { door, webDoor: null };
    const webDoor = new Door(this.#placeOf(index, this.endpoints[0]?.webPort ?? webPort), (socket) => webApi.serve(socket, machine));
    this.#webDoors.push(webDoor);
    await webDoor.set(true);
    return { door, webDoor };
  }

  #endpointPort(index: number): number | null {
    return (this.endpoints[index] as EmulatedEndpoint | undefined)?.port ?? null;
  }

  /** Miner `index` at its own address; on a shared one, at its own port. */
  #placeOf(index: number, firstPort: number): Place {
    const { address, apart } = this.#setup;
    return apart ? { address: addressAfter(address, index), port: firstPort } : { address: "127.0.0.1", port: firstPort + index };
  }

  #ready(machine: Machine, { door, webDoor }: { door: Door; webDoor: Door | null }): void {
    const { index, profile } = machine;
    machine.address = door.place.address;
    const { model, key } = profile;
    const endpoint = {
      ...door.place,
      index,
      model,
      profile: key,
      rack: Math.floor(index / RACK_SIZE),
      webPort: webDoor?.place.port ?? null,
    };
    this.endpoints.push(endpoint);
    this.#setup.onReady?.(endpoint);
  }

  #answer(machine: Machine, request: string): Reply {
    const nowMs = this.#clock.nowMs();
    this.#advance();
    const reach = this.#faults.reachOf(machine.index);
    this.counters.requestCount++;
    switch (reach.mode) {
      case "hang":
      case "dark":
        return { kind: "hang" };
      case "closeEarly":
      case "refuse":
        return { kind: "close" };
      case "garbage":
        return this.#send(garbage(machine.seed, nowMs));
      case "cut":
        return this.#send(half(this.#render(machine, request, nowMs)));
      case "slow":
        return this.#send(`${this.#render(machine, request, nowMs)}\0`, reach.delayMs);
      case "up":
        return this.#send(`${this.#render(machine, request, nowMs)}\0`);
    }
  }

  #render(machine: Machine, request: string, nowMs: number): string {
    const truth = machine.read(nowMs);
    const reading = machine.conditions.wrongValues ? bend(truth) : truth;
    return answerTo(request, { machine, reading, whenS: Math.floor(nowMs / 1000) });
  }

  #send(text: string, delayMs = 0): Reply {
    this.counters.replyBytes += text.length;
    return { kind: "send", text, delayMs };
  }

  /** Without power nothing could even refuse: the door stays open and swallows what comes, as near to silence as loopback allows. */
  #connect(index: number, reach: Reach, web: boolean): void {
    this.#track(this.#doors[index].set(reach.mode !== "refuse"));
    if (this.#webApi !== null) this.#track(this.#webDoors[index].set(web));
  }

  /** A move without an address goes to a free one behind the fleet, or a free port where all share one address. */
  #move(index: number, to: Move): void {
    const at = this.endpoints[index];
    const first = this.endpoints[0];
    const step = to === "home" ? 0 : this.#machines.length;
    const away = (firstPort: number): Place => ({ ...this.#placeOf(index + step, firstPort), ...(typeof to === "object" ? to : {}) });
    this.#track(this.#moveDoors(index, { place: away(first.port), webPlace: at.webPort === null ? null : away(first.webPort ?? 0) }));
  }

  async #moveDoors(index: number, { place, webPlace }: { place: Place; webPlace: Place | null }): Promise<void> {
    await this.#doors[index].move(place);
    if (webPlace !== null) await this.#webDoors[index].move(webPlace);
    this.endpoints[index] = { ...this.endpoints[index], ...place, webPort: webPlace?.port ?? null };
    this.#machines[index].address = place.address;
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#setup.onProblem?.(error instanceof Error ? error.message : String(error)))
      .finally(() => this.#moving.delete(tracked));
    this.#moving.add(tracked);
  }
}

/** Bytes that are no answer in any language, the same at the same second. */
function garbage(seed: number, nowMs: number): string {
  let text = "";
  const start = hash32(seed, Math.floor(nowMs / 1000));
  for (let i = 0; i < 200; i++) text += String.fromCharCode(1 + (hash32(start, i) % 255));
  return text;
}

function half(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}
