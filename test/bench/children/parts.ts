// parts.ts openHour MINERS | rawReplies ADDRESS PORT MINERS: makes that part of the program alone, full, and tells {mb} that it holds.
import type { MinerPoller } from "../../../agent/poll/ports.ts";
import { built } from "../built.ts";
import { onWord, tell } from "../child.ts";
import { addressAfter } from "../emulated.ts";
import { emptyRow, fillRow, SHAPE } from "../generated.ts";
import { heldMb } from "../held.ts";
import { Fleet } from "../samples.mjs";

/** What a block holds at a 10 s interval when it is sealed: 20 minutes. */
const SAMPLES_PER_BLOCK = 110;
const INTERVAL_MS = 10_000;
const DEADLINES = { connectTimeoutMs: 5000, replyTimeoutMs: 5000 };
const AT_ONCE = 100;
/** The first two make known which layouts there are. */
const POLLS = 4;

type Fill = () => Promise<unknown[]>;

const [part, ...args] = process.argv.slice(2);
onWord(() => undefined);
const fill = part === "openHour" ? await openHour(Number(args[0])) : await rawReplies(args[0] ?? "", Number(args[1]), Number(args[2]));
const before = heldMb();
const made = await fill();
tell({ mb: heldMb() - before, made: made.length });

/** Every miner's open block just before it is sealed. */
async function openHour(minerCount: number): Promise<Fill> {
  const { OpenBlocks } = await built<typeof import("../../../server/store/openBlocks.ts")>("server/store/openBlocks");
  const { BatchPacker, EntryCursor } = await built<typeof import("../../../server/store/packed.ts")>("server/store/packed");
  const [packer, fleet, row] = [new BatchPacker(), new Fleet(minerCount), emptyRow()];
  return () => {
    const blocks = new OpenBlocks();
    for (let sweep = 0; sweep < SAMPLES_PER_BLOCK; sweep++) {
      fleet.step(INTERVAL_MS / 1000);
      for (let index = 0; index < minerCount; index++) {
        fillRow(row, fleet.v, index);
        packer.add({ minerKey: index + 1, siteKey: 1, atMs: sweep * INTERVAL_MS, shape: SHAPE, values: row });
      }
      const batch = packer.take();
      const entries = new EntryCursor(batch);
      while (entries.next()) blocks.add(entries, batch, sweep);
    }
    return Promise.resolve([blocks]);
  };
}

/** Pollers that have asked each of their miners all that they ask, with the replies that they keep. */
async function rawReplies(firstAddress: string, port: number, minerCount: number): Promise<Fill> {
  const { createClient } = await built<typeof import("../../../agent/cgminer/client.ts")>("agent/cgminer/client");
  const { createPoller } = await built<typeof import("../../../agent/poll/poller.ts")>("agent/poll/poller");
  const { systemClock } = await built<typeof import("../../../agent/clock.ts")>("agent/clock");
  const client = createClient(systemClock);
  return async () => {
    const pollers = Array.from({ length: minerCount }, (_, index) =>
      createPoller({ address: addressAfter(firstAddress, index), port }, { client, clock: systemClock }),
    );
    const poll = (poller: MinerPoller) => new Promise<void>((resolve) => poller.poll(DEADLINES, () => resolve()));
    for (let round = 0; round < POLLS; round++)
      for (let from = 0; from < minerCount; from += AT_ONCE) await Promise.all(pollers.slice(from, from + AT_ONCE).map(poll));
    return pollers;
  };
}
