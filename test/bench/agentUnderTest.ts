import { startLinkServer, type LinkServer } from "../agent/support/linkServer.ts";
import { startProgram, temporaryDirectory, type Program } from "../system/program.ts";
import { pass } from "./wait.ts";

const DRAIN_MS = 500;
const LIMIT_S = 180;

/** `hashwatch agent` alone, with something at the other end of its link that takes everything and keeps only when each miner had a sample. */
export interface AgentUnderTest {
  readonly program: Program;
  /** Instants of each miner's samples, by address, in the order in which they came. */
  readonly sampleTimes: ReadonlyMap<string, readonly number[]>;
  stop(): Promise<void>;
}

/** Starts the agent on a range at a 10 s interval and waits until so many miners have a sample. */
export async function startAgent(range: string, port: number, minerCount: number): Promise<AgentUnderTest> {
  const link = await startLinkServer({ ranges: [range] });
  const directory = temporaryDirectory();
  const sampleTimes = new Map<string, number[]>();
  const timer = setInterval(() => drain(link, sampleTimes), DRAIN_MS);
  const program = startProgram([
    ...["agent", "--server", link.url, "--code", "good-code", "--data-dir", directory.path, "--log-level", "warn"],
    ...["--poll-interval-ms", "10000", "--allow-ranges", "127.0.0.0/8", "--allow-ports", `${port},80`],
  ]);
  for (let waitedS = 0; sampleTimes.size < minerCount; waitedS++) {
    if (waitedS > LIMIT_S) throw new Error(`${sampleTimes.size} of ${minerCount} miners have a sample after ${LIMIT_S} s`);
    await pass(1);
  }
  return {
    program,
    sampleTimes,
    async stop() {
      clearInterval(timer);
      await program.stop();
      await link.close();
      directory.remove();
    },
  };
}

function drain(link: LinkServer, sampleTimes: Map<string, number[]>): void {
  link.messages.length = 0;
  for (const { entries } of link.frames.splice(0)) {
    for (const entry of entries) {
      if (entry.kind !== "sample") continue;
      const times = sampleTimes.get(entry.address);
      if (times === undefined) sampleTimes.set(entry.address, [entry.sample.agentAtMs]);
      else times.push(entry.sample.agentAtMs);
    }
  }
}
