/** One fleet of the growth run. */
export interface Step {
  readonly miners: number;
  readonly intervalS: number; // between two samples of a miner
  readonly emulators: number; // processes, so that the emulator is not what breaks first
}

/** Up to the fleet of most figures at its interval, then five times that at the interval which such a fleet is polled at. */
export const STEPS: readonly Step[] = [
  { miners: 100, intervalS: 10, emulators: 1 },
  { miners: 1000, intervalS: 10, emulators: 1 },
  { miners: 10_000, intervalS: 10, emulators: 1 },
  { miners: 50_000, intervalS: 60, emulators: 5 },
];

/** What a fleet of that size costs, all of server and agent together. */
export interface Grown {
  readonly miners: number;
  readonly intervalS: number;
  readonly cores: number;
  readonly mb: number; // the most that was resident at any second
  readonly kbPerS: number; // to one browser
  readonly latencyS: number; // p95, from the whole reply to the browser's socket
  readonly lateRatio: number; // polls that began more than 1 s after their time
  readonly reportingShare: number;
}
