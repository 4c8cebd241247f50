import { startChild, type Child } from "../child.ts";
import { startEmulated, type EmulatedFleet } from "../emulated.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { processUse } from "../../system/program.ts";
import { watchProcess } from "../processes.ts";
import { median } from "../statistics.ts";
import { pass } from "../wait.ts";

const ADDRESS = "127.62.0.1";
const HEALTHY_SWEEPS = 3;
const SLOW_SWEEPS = 3;
/** Of every twenty miners one hangs, the others answer after 50, 60 … 150 ms. */
const GROUP = 20;
const SETTLE_S = 2;

interface Sweep {
  readonly seconds: number;
  readonly answered: number;
  readonly failed: number;
  readonly sent: number;
}

/** The emulator asked as fast as it answers, one `stats` each; then the same fleet slow, and one in twenty silent. */
export const sweep: Figure = { ids: ["emulatorPerCpuS", "emulatorMb", "sweepS"], measure };

async function measure({ sizes, say }: FigureTools): Promise<Measurements> {
  const fleet = await startEmulated(sizes.miners, ADDRESS);
  const poller = startChild("sweep", [fleet.firstAddress, fleet.port, sizes.miners]);
  await poller.next();
  const first = await one(poller); // who they are
  const watch = watchProcess(fleet.program.pid);
  const healthy = await several(poller, HEALTHY_SWEEPS);
  const { cpuS } = watch.stop();
  const replies = healthy.reduce((sum, { answered }) => sum + answered, 0);
  say(
    `healthy sweeps ${list(healthy)} s, ${cpuS.toFixed(2)} CPU-s of the emulator for ${replies} replies; first sweep with version ${first.seconds.toFixed(1)} s`,
  );
  await makeSlow(fleet, sizes.miners);
  const slow = await several(poller, SLOW_SWEEPS);
  const { rssMb } = processUse(fleet.program.pid);
  await poller.end();
  await fleet.program.stop();
  const last = slow.at(-1);
  say(`slow sweeps ${list(slow)} s; ${last?.answered} answered, ${last?.failed} did not`);
  return {
    emulatorPerCpuS: { value: replies / cpuS },
    emulatorMb: { value: rssMb },
    sweepS: { value: median(slow.map(({ seconds }) => seconds)) },
  };
}

async function one(poller: Child): Promise<Sweep> {
  poller.say("sweep");
  return await poller.next<Sweep>();
}

async function several(poller: Child, count: number): Promise<Sweep[]> {
  const sweeps: Sweep[] = [];
  while (sweeps.length < count) sweeps.push(await one(poller));
  return sweeps;
}

async function makeSlow(fleet: EmulatedFleet, count: number): Promise<void> {
  const everyTwentieth = (offset: number): number[] =>
    Array.from({ length: Math.floor((count - 1 - offset) / GROUP) + 1 }, (_, n) => n * GROUP + offset);
  for (let offset = 1; offset < GROUP; offset++) {
    fleet.inject({ fault: "slow", miners: everyTwentieth(offset), delayMs: 50 + 10 * (offset % 11) });
  }
  fleet.inject({ fault: "hang", miners: everyTwentieth(0) });
  await pass(SETTLE_S);
}

function list(sweeps: readonly Sweep[]): string {
  return sweeps.map(({ seconds }) => seconds.toFixed(2)).join(", ");
}
