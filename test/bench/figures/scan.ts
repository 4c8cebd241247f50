import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { startChild } from "../child.ts";
import { addressAfter, startEmulated } from "../emulated.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { startProgram, waitFor } from "../../system/program.ts";

const NETWORK = "127.63.0.0";
/** What the kernel accepts by itself before it drops: backlog + 1, and one for the race. */
const FILL = 3;

/** `hashwatch scan` of a whole subnet, from its start to its end; the addresses without a miner drop what comes, as `children/silent.ts` says. */
export const scan: Figure = { ids: ["scanS"], measure };

async function measure({ sizes, say }: FigureTools): Promise<Measurements> {
  const { prefix, miners } = sizes.scan;
  const silentCount = 2 ** (32 - prefix) - 1 - miners; // the network's own address refuses
  const first = addressAfter(NETWORK, 1);
  const fleet = await startEmulated(miners, first);
  const silentFirst = addressAfter(first, miners);
  const silent = startChild("silent", [silentFirst, silentCount, fleet.port]);
  await silent.next();
  await waitFor(() => isStopped(silent.pid));
  const fillers = await fillBacklogs(silentFirst, { count: silentCount, port: fleet.port });
  const startedMs = performance.now();
  const program = startProgram(["scan", `${NETWORK}/${prefix}:${fleet.port}`, "--json"]);
  const { code } = await program.exited;
  const seconds = (performance.now() - startedMs) / 1000;
  for (const socket of fillers) socket.destroy();
  await silent.end();
  await fleet.program.stop();
  const found = program.stdout().trim().split("\n").length;
  const progress = program.stderr().trim().split("\n").at(-1) ?? "";
  say(`the command as a whole, process start included; ${progress}`);
  if (code !== 0 || found !== miners) throw new Error(`Found ${found} of ${miners} miners, exit code ${code}`);
  return { scanS: { value: seconds } };
}

function isStopped(pid: number): boolean {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.startsWith("T") ?? false;
}

/** Fills the queue of every silent listener; the connections that are over it stay without an answer. */
async function fillBacklogs(firstAddress: string, { count, port }: { count: number; port: number }): Promise<Socket[]> {
  const sockets: Socket[] = [];
  let takenCount = 0;
  for (let index = 0; index < count * FILL; index++) {
    const socket = connect({ host: addressAfter(firstAddress, Math.floor(index / FILL)), port });
    socket.on("connect", () => takenCount++);
    socket.on("error", () => undefined);
    sockets.push(socket);
  }
  await waitFor(() => takenCount >= 2 * count);
  return sockets;
}
