import { answerTo } from "./answer.ts";
import type { Place } from "./endpoints.ts";
import { addressAfter, canBind, checkLoopback, EmulatorError } from "./endpoints.ts";
import type { Reply } from "./listener.ts";
import { Door } from "./listener.ts";
import { Machine } from "./machine.ts";
import { fleetProfile, findProfile, PROFILES } from "./profiles/catalogue.ts";
import type { MinerProfile } from "./profiles/profile.ts";
import type { Reading } from "./reading.ts";

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
  /** The time, epoch ms. Default the system clock. */
  readonly clock?: () => number;
  /** Called for each miner once it listens, in order. */
  readonly onReady?: (endpoint: EmulatedEndpoint) => void;
}

export interface EmulatedEndpoint extends Place {
  readonly index: number;
  readonly model: string; // as the model is called, without "Antminer"
  readonly profile: string; // key of the profile
  readonly rack: number; // from 0
}

export interface EmulatorCounters {
  requestCount: number;
  replyBytes: number;
}

/** A running emulator. Close it. */
export interface Emulator {
  readonly endpoints: readonly EmulatedEndpoint[];
  readonly counters: Readonly<EmulatorCounters>;
  /** What is true of a machine now. */
  truth(index: number): Reading;
  /** The same model asked about the past, `stepMs` apart, `fromMs` to `toMs` inclusive; live values continue it smoothly. */
  history(index: number, fromMs: number, toMs: number, stepMs: number): Reading[];
  close(): Promise<void>;
}

/**
 * Starts `count` miners on consecutive loopback addresses, or on consecutive ports of 127.0.0.1 where the rest of 127.0.0.0/8 is not routed.
 * Throws EmulatorError naming what cannot be had.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { count, address = "127.20.0.1", port = 4028, seed = 1, clock = Date.now } = options;
  if (!Number.isInteger(count) || count < 1 || count > 200_000)
    throw new EmulatorError(`Cannot emulate ${count} miners: expected 1 to 200000`);
  checkLoopback(address, count);
  const profileAt = chooser(options.models ?? null, seed);
  const startMs = clock();
  const machines = Array.from({ length: count }, (_, index) => new Machine({ profile: profileAt(index), index, seed, startMs }));
  const counters: EmulatorCounters = { requestCount: 0, replyBytes: 0 };

  const answer = (index: number, request: string): Reply => {
    const machine = machines[index];
    const nowMs = clock();
    counters.requestCount++;
    const text = answerTo(request, { machine, reading: machine.read(nowMs), whenS: Math.floor(nowMs / 1000) });
    counters.replyBytes += text.length + 1;
    return { kind: "send", text: `${text}\0`, delayMs: 0 };
  };
  const apart = count === 1 || (await canBind(addressAfter(address, count - 1)));
  const doors = machines.map(
    (machine) => new Door(machine.index, { address: apart ? addressAfter(address, machine.index) : "127.0.0.1", port: 0 }, answer),
  );
  const close = async (): Promise<void> => {
    await Promise.all(doors.map((door) => door.close()));
  };
  const endpoints: EmulatedEndpoint[] = [];
  try {
    for (const door of doors) {
      const samePort = endpoints[0]?.port ?? port;
      door.place = { ...door.place, port: apart ? samePort : port === 0 ? 0 : port + door.index };
      await door.open();
      const { profile } = machines[door.index];
      const endpoint = {
        index: door.index,
        ...door.place,
        model: profile.model,
        profile: profile.key,
        rack: Math.floor(door.index / RACK_SIZE),
      };
      endpoints.push(endpoint);
      options.onReady?.(endpoint);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoints,
    counters,
    truth: (index) => machines[index].read(clock()),
    history: (index, fromMs, toMs, stepMs) => {
      const readings: Reading[] = [];
      for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) readings.push(machines[index].read(atMs));
      return readings;
    },
    close,
  };
}

function chooser(models: readonly string[] | null, seed: number): (index: number) => MinerProfile {
  if (models === null || models.length === 0) return (index) => fleetProfile(seed, index);
  const profiles = models.map((key) => {
    const profile = findProfile(key);
    if (profile === null) throw new EmulatorError(`Unknown model "${key}": one of ${PROFILES.map((known) => known.key).join(", ")}`);
    return profile;
  });
  return (index) => profiles[index % profiles.length];
}
