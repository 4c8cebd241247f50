import { startAgent } from "../agentUnderTest.ts";
import { startEmulated } from "../emulated.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { watchProcess } from "../processes.ts";
import { pass } from "../wait.ts";

const ADDRESS = "127.64.0.1";

/** `hashwatch agent` with nothing else in its process; memory is the most that was resident in the window. */
export const agentAlone: Figure = { ids: ["agentMb", "agentCore"], measure };

async function measure({ sizes, say, signal }: FigureTools): Promise<Measurements> {
  const fleet = await startEmulated(sizes.agentMiners, ADDRESS);
  const agent = await startAgent(fleet.range, fleet.port, sizes.agentMiners);
  const watch = watchProcess(agent.program.pid);
  await pass(sizes.agentS, signal);
  const { cores, peakMb } = watch.stop();
  const samples = [...agent.sampleTimes.values()].reduce((sum, times) => sum + times.length, 0);
  say(`${sizes.agentMiners} miners at 10 s over ${sizes.agentS} s; ${samples} samples since its start`);
  await agent.stop();
  await fleet.program.stop();
  return { agentMb: { value: peakMb }, agentCore: { value: cores } };
}
