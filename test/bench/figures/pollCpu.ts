import { startChild } from "../child.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { median } from "../statistics.ts";

const ADDRESS = "127.61.0.1";

/** CPU per poll of the plain poller / of ours, both against the same emulated S19 Pro and S21, in turn; the poller's process alone is counted. */
export const pollCpu: Figure = { ids: ["pollCpuRatio"], measure };

async function measure({ sizes, say }: FigureTools): Promise<Measurements> {
  const miners = startChild("miners", [sizes.pollMiners, ADDRESS]);
  const { port } = await miners.next<{ port: number }>();
  const naive: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < sizes.rounds; round++) {
    naive.push(await pollUs("naive", { port, minerCount: sizes.pollMiners, pollCount: sizes.pollsPerRound }));
    ours.push(await pollUs("ours", { port, minerCount: sizes.pollMiners, pollCount: sizes.pollsPerRound }));
  }
  await miners.end();
  say(`CPU µs per poll by round: naive ${list(naive)}; ours ${list(ours)}`);
  const ratios = naive.map((us, round) => us / (ours[round] ?? NaN));
  return { pollCpuRatio: { value: median(ratios), baseline: median(naive), ratio: median(ratios) } };
}

async function pollUs(
  kind: string,
  { port, minerCount, pollCount }: { port: number; minerCount: number; pollCount: number },
): Promise<number> {
  const poller = startChild("poller", [kind, ADDRESS, port, minerCount, pollCount]);
  const { cpuUs, polls, bad } = await poller.next<{ cpuUs: number; polls: number; bad: number }>();
  await poller.end();
  if (bad > 0) throw new Error(`${bad} of ${polls} polls by the ${kind} poller gave nothing`);
  return cpuUs / polls;
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(0)).join(", ");
}
