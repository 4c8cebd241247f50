/** How large each figure is measured. What is not `full` guards against blunders and says nothing about the numbers to reach. */
export interface Sizes {
  readonly miners: number; // the fleet of most figures
  readonly pollMiners: number;
  readonly pollsPerRound: number;
  readonly rounds: number;
  readonly gapMiners: number; // healthy ones; as many others hang in turn
  readonly gapPhaseS: number;
  readonly ingestSamples: number; // per round
  readonly bytesMiners: number;
  readonly historyMiners: number; // of `miners`, those with a sample a minute; the others have one in twenty
  readonly historyHours: number;
  readonly loopS: number; // on each side of the full hour
  readonly browsers: number;
  readonly browserS: number;
  readonly systemS: number;
  readonly agentMiners: number;
  readonly agentS: number;
  readonly scan: { readonly prefix: number; readonly miners: number };
  readonly coldStarts: number; // of a browser
  readonly screenS: number; // of watching which sample is on the screen
  readonly frameRounds: number;
  readonly frameS: number; // per page and round
  readonly repeats: number; // of each interaction
  readonly heapFromS: number;
  readonly heapToS: number;
}

export const FULL: Sizes = {
  miners: 10_000,
  pollMiners: 256,
  pollsPerRound: 5000,
  rounds: 3,
  gapMiners: 2000,
  gapPhaseS: 35,
  ingestSamples: 600_000,
  bytesMiners: 200,
  historyMiners: 500,
  historyHours: 24,
  loopS: 35,
  browsers: 50,
  browserS: 8,
  systemS: 120,
  agentMiners: 1000,
  agentS: 45,
  scan: { prefix: 22, miners: 441 },
  coldStarts: 5,
  screenS: 45,
  frameRounds: 4,
  frameS: 6,
  repeats: 20,
  heapFromS: 2 * 60,
  heapToS: 7 * 60,
};

export const QUICK: Sizes = {
  miners: 300,
  pollMiners: 64,
  pollsPerRound: 3000,
  rounds: 1,
  gapMiners: 60,
  gapPhaseS: 22,
  ingestSamples: 60_000,
  bytesMiners: 20,
  historyMiners: 30,
  historyHours: 24,
  loopS: 5,
  browsers: 5,
  browserS: 3,
  systemS: 12,
  agentMiners: 60,
  agentS: 12,
  scan: { prefix: 26, miners: 20 },
  coldStarts: 1,
  screenS: 20,
  frameRounds: 1,
  frameS: 3,
  repeats: 3,
  heapFromS: 5,
  heapToS: 15,
};
