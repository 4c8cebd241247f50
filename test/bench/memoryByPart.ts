import { startChild, type Child } from "./child.ts";
import { enrolmentCode } from "./enrolmentCode.ts";
import type { EmulatedFleet } from "./emulated.ts";
import { openPage } from "./page.ts";
import { ADMIN_PASSWORD, signIn, temporaryDirectory } from "../system/program.ts";

interface Held {
  readonly mb: number;
}

/** MB that each large part of the program holds after a collection, for a fleet of that size: what lives, without what V8 keeps free beside it. */
export interface MemoryByPart {
  readonly emptyServerMb: number; // main thread, before any miner
  readonly stateMb: number; // of the main thread: fleet, alerts, what is told to browsers; at most 2^20 miners (KEY_MAX)
  readonly liveMb: number; // one browser on top; at most SOCKETS_MAX of them, each with one snapshot
  readonly openHourMb: number; // every block as full as it gets at a 10 s interval; at most 400 samples each (MOST)
  readonly rawRepliesMb: number; // pollers and their replies; at most REPLY_MAX_BYTES for each command (with MAX_SLACK)
}

/** Measures each part in a process of its own; the fleet's miners are asked once for their replies. */
export async function memoryByPart(fleet: EmulatedFleet, minerCount: number): Promise<MemoryByPart> {
  return {
    ...(await heldByServer(minerCount)),
    openHourMb: await heldByPart("openHour", [minerCount]),
    rawRepliesMb: await heldByPart("rawReplies", [fleet.firstAddress, fleet.port, minerCount]),
  };
}

async function heldByServer(minerCount: number): Promise<Pick<MemoryByPart, "emptyServerMb" | "stateMb" | "liveMb">> {
  const directory = temporaryDirectory();
  const server = startChild("served", [directory.path, 0, ADMIN_PASSWORD]);
  const { url } = await server.next<{ url: string }>();
  const site = { base: url, cookie: await signIn(url) };
  const emptyServerMb = await heldBy(server);
  const feeder = startChild("feeder", [url, await enrolmentCode(site), minerCount, 0]);
  await feeder.next();
  const fedMb = await heldBy(server);
  const page = await openPage(site);
  const watchedMb = await heldBy(server);
  page.close();
  await feeder.end();
  await server.end();
  directory.remove();
  return { emptyServerMb, stateMb: fedMb - emptyServerMb, liveMb: watchedMb - fedMb };
}

async function heldBy(server: Child): Promise<number> {
  server.say("held");
  return (await server.next<Held>()).mb;
}

async function heldByPart(part: "openHour" | "rawReplies", args: readonly (string | number)[]): Promise<number> {
  const child = startChild("parts", [part, ...args]);
  const { mb } = await child.next<Held>();
  await child.end();
  return mb;
}
