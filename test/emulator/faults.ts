import type { Conditions, Reach } from "./conditions.ts";
import { HEALTHY, UP } from "./conditions.ts";
import type { Machine } from "./machine.ts";
import { findVariant } from "./profiles/catalogue.ts";
import type { MinerProfile } from "./profiles/profile.ts";
import { hash32 } from "./random.ts";
import type { Fault, ScenarioEvent } from "./scenario.ts";
import { Timeline } from "./timeline.ts";

/** What the faults need to move: sockets. */
export interface Plant {
  /** How the machine takes connections from now on; `web` tells whether its web server listens. */
  reach(index: number, reach: Reach, web: boolean): void;
  /** The machine is somewhere else from now on, or at its own place again. */
  move(index: number, to: Move): void;
}
export type Move = "home" | "away" | { readonly address: string };

/** `booting` follows from other faults: the program, and after a cold start the whole machine, is not there yet. */
type Trouble = Fault | { readonly name: "booting"; readonly cold: boolean };
interface Active {
  readonly trouble: Trouble;
  tripped: boolean; // overheat: the protection has stopped the machine
}

const REACH_ORDER = ["powerLoss", "booting", "refuse", "hang", "closeEarly", "garbage", "cut", "slow"] as const;

/** Lets the events of a scenario happen to machines. Time comes in; nothing here has a clock. */
export class Faults {
  readonly #machines: readonly Machine[];
  readonly #plant: Plant;
  readonly #timeline = new Timeline();
  readonly #active = new Map<number, Active[]>();
  readonly #original = new Map<number, { profile: MinerProfile; compileTime: string }>();

  constructor(machines: readonly Machine[], plant: Plant) {
    this.#machines = machines;
    this.#plant = plant;
  }

  /** Plans an event for the miners it means, `originMs` being what its `atMs` counts from. */
  plan(event: ScenarioEvent, { miners, originMs }: { miners: readonly number[]; originMs: number }): void {
    this.#timeline.plan(originMs + event.atMs, (atMs) => {
      for (const index of miners) this.#begin(index, event, atMs);
    });
  }

  /** When the next thing is to happen; null: nothing is planned. */
  get nextAtMs(): number | null {
    return this.#timeline.nextAtMs;
  }

  advance(nowMs: number): void {
    this.#timeline.advance(nowMs);
  }

  reachOf(index: number): Reach {
    const active = this.#active.get(index);
    if (active === undefined) return UP;
    for (const name of REACH_ORDER) {
      const found = active.find(({ trouble }) => trouble.name === name);
      if (found === undefined) continue;
      if (found.trouble.name === "slow") return { mode: "slow", delayMs: found.trouble.delayMs };
      if (name === "powerLoss") return { mode: "dark" };
      return { mode: name === "booting" || name === "slow" ? "refuse" : name };
    }
    return UP;
  }

  #begin(index: number, { fault, forMs }: ScenarioEvent, atMs: number): void {
    const active: Active = { trouble: fault, tripped: false };
    this.#add(index, active);
    this.#strike(index, active, atMs);
    // A reboot is over when the machine has booted.
    if (fault.name === "reboot") this.#end(index, active, atMs);
    else if (forMs !== null) this.#timeline.plan(atMs + forMs, (endMs) => this.#end(index, active, endMs));
  }

  #strike(index: number, active: Active, atMs: number): void {
    const machine = this.#machines[index];
    const { trouble } = active;
    switch (trouble.name) {
      case "reboot":
        this.#boot(index, { atMs, bootMs: trouble.bootMs, cold: true });
        break;
      case "sleep":
        this.#boot(index, { atMs, bootMs: trouble.bootMs, cold: false });
        break;
      case "firmwareChange":
        this.#reflash(machine, trouble.firmware);
        this.#boot(index, { atMs, bootMs: trouble.bootMs, cold: true });
        break;
      case "addressChange":
        this.#plant.move(index, trouble.address === null ? "away" : { address: trouble.address });
        break;
      case "overheat":
        machine.change(atMs, this.#conditions(index));
        this.#timeline.plan(atMs + trouble.climbMs, (tripMs) => this.#trip(index, active, tripMs));
        break;
      default:
        machine.change(atMs, this.#conditions(index));
    }
    this.#connect(index);
  }

  #end(index: number, active: Active, atMs: number): void {
    if (!this.#remove(index, active)) return;
    const machine = this.#machines[index];
    const { trouble } = active;
    switch (trouble.name) {
      case "sleep":
        this.#boot(index, { atMs, bootMs: trouble.bootMs, cold: false });
        break;
      case "powerLoss":
        this.#boot(index, { atMs, bootMs: trouble.bootMs, cold: true });
        break;
      case "overheat":
        if (active.tripped) this.#boot(index, { atMs, bootMs: trouble.bootMs, cold: false });
        else machine.change(atMs, this.#conditions(index));
        break;
      case "firmwareChange":
        this.#restoreFirmware(machine);
        this.#boot(index, { atMs, bootMs: trouble.bootMs, cold: true });
        break;
      case "addressChange":
        this.#plant.move(index, "home");
        break;
      case "reboot":
      case "booting":
        break;
      default:
        machine.change(atMs, this.#conditions(index));
    }
    this.#connect(index);
  }

  /** The machine is hotter than its protection allows: it stops, and waits for its fault to end. */
  #trip(index: number, active: Active, atMs: number): void {
    if (this.#active.get(index)?.includes(active) !== true) return;
    active.tripped = true;
    this.#machines[index].change(atMs, this.#conditions(index));
  }

  /** Nothing answers for `bootMs`; then the program starts anew. A later boot outlasts an earlier one. */
  #boot(index: number, { atMs, bootMs, cold }: { atMs: number; bootMs: number; cold: boolean }): void {
    const machine = this.#machines[index];
    const booting: Active = { trouble: { name: "booting", cold }, tripped: false };
    machine.restart(atMs, { startedAtMs: atMs + bootMs, conditions: this.#conditions(index) });
    if (bootMs === 0) return;
    this.#add(index, booting);
    this.#timeline.plan(atMs + bootMs, (endMs) => this.#end(index, booting, endMs));
  }

  #reflash(machine: Machine, firmware: string | null): void {
    if (!this.#original.has(machine.index))
      this.#original.set(machine.index, { profile: machine.profile, compileTime: machine.compileTime });
    const variant = firmware === null ? null : findVariant(machine.profile.model, firmware);
    if (variant === null) machine.compileTime = machine.profile.nextCompileTime;
    else {
      machine.profile = variant;
      machine.compileTime = variant.compileTime;
    }
  }

  #restoreFirmware(machine: Machine): void {
    const original = this.#original.get(machine.index);
    if (original === undefined) return;
    machine.profile = original.profile;
    machine.compileTime = original.compileTime;
    this.#original.delete(machine.index);
  }

  #connect(index: number): void {
    const active = this.#active.get(index) ?? [];
    const gone = active.some(({ trouble }) => trouble.name === "powerLoss" || (trouble.name === "booting" && trouble.cold));
    this.#plant.reach(index, this.reachOf(index), !gone);
  }

  #conditions(index: number): Conditions {
    const active = this.#active.get(index) ?? [];
    const { profile, seed } = this.#machines[index];
    return active.reduce((conditions, one) => worsened(conditions, one, { profile, seed }), HEALTHY);
  }

  #add(index: number, active: Active): void {
    const list = this.#active.get(index);
    if (list === undefined) this.#active.set(index, [active]);
    else list.push(active);
  }

  #remove(index: number, active: Active): boolean {
    const list = this.#active.get(index);
    const at = list?.indexOf(active) ?? -1;
    if (list === undefined || at < 0) return false;
    list.splice(at, 1);
    if (list.length === 0) this.#active.delete(index);
    return true;
  }
}

/** The conditions with one more trouble. Positions beyond what the model has mean its last board or fan. */
function worsened(
  conditions: Conditions,
  { trouble, tripped }: Active,
  { profile, seed }: { profile: MinerProfile; seed: number },
): Conditions {
  const boardOf = (board: number | null): number => pick(board, profile.chains.length, hash32(seed, 401));
  switch (trouble.name) {
    case "deadBoard":
      return { ...conditions, deadBoards: [...conditions.deadBoards, boardOf(trouble.board)] };
    case "deadChips":
      return { ...conditions, deadChips: [...conditions.deadChips, { board: boardOf(trouble.board), count: trouble.chips }] };
    case "fanStopped":
      return { ...conditions, stoppedFans: [...conditions.stoppedFans, pick(trouble.fan, profile.fans.length, hash32(seed, 402))] };
    case "overheat":
      return { ...conditions, heat: tripped ? "tripped" : conditions.heat === "tripped" ? "tripped" : "hotIntake" };
    case "poolLoss":
      return { ...conditions, poolsDown: conditions.poolsDown === "all" ? "all" : trouble.pools };
    case "poolHijack":
      return { ...conditions, hijack: { url: trouble.url, worker: trouble.worker } };
    case "sleep":
      return { ...conditions, asleep: true };
    case "powerLoss":
      return { ...conditions, powered: false };
    case "wrongValues":
      return { ...conditions, wrongValues: true };
    default:
      return conditions;
  }
}

function pick(position: number | null, count: number, chance: number): number {
  if (count === 0) return 0;
  return position === null ? chance % count : Math.min(position, count - 1);
}
