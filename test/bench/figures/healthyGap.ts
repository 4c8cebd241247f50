import { startAgent } from "../agentUnderTest.ts";
import { addressAfter, startEmulated } from "../emulated.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { maxOf, quantile } from "../statistics.ts";
import { pass } from "../wait.ts";

const ADDRESS = "127.65.0.1";
const INTERVAL_S = 10;
/** Shares of the other half that hang, one after the other under one agent: each begins with the misses of those that fall silent anew. */
const SHARES = [0, 0.05, 0.3, 1];

/** How long a healthy miner goes without a sample while others hang. */
export const healthyGap: Figure = { ids: ["healthyGapP99S"], measure };

async function measure({ sizes, say, signal }: FigureTools): Promise<Measurements> {
  const count = sizes.gapMiners;
  const fleet = await startEmulated(2 * count, ADDRESS);
  const agent = await startAgent(fleet.range, fleet.port, 2 * count);
  const worst: number[] = [];
  let hungCount = 0;
  for (const share of SHARES) {
    const target = Math.round(share * count);
    if (target > hungCount) fleet.inject({ fault: "hang", miners: `${count + hungCount}-${count + target - 1}` });
    hungCount = target;
    const fromMs = Date.now();
    await pass(sizes.gapPhaseS, signal);
    const healthy = Array.from({ length: count }, (_, index) => agent.sampleTimes.get(addressAfter(ADDRESS, index)) ?? []);
    const gaps = healthy.flatMap((times) => gapsOf(times, { fromMs, toMs: Date.now() }));
    worst.push(quantile(gaps, 0.99));
    say(`${share * 100} % hang: p99 ${worst.at(-1)?.toFixed(2)} s, longest ${maxOf(gaps).toFixed(2)} s, ${gaps.length} gaps`);
  }
  await agent.stop();
  await fleet.program.stop();
  return { healthyGapP99S: { value: maxOf(worst) } };
}

/** Gaps in seconds that ended within the span, and the one that has not ended yet where it is longer than the interval. */
function gapsOf(times: readonly number[], { fromMs, toMs }: { fromMs: number; toMs: number }): number[] {
  const gaps = times.flatMap((atMs, n) => (n > 0 && atMs >= fromMs ? [(atMs - (times[n - 1] ?? atMs)) / 1000] : []));
  const openS = (toMs - (times.at(-1) ?? fromMs)) / 1000;
  return openS > INTERVAL_S + 1 ? [...gaps, openS] : gaps;
}
