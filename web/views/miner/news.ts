import type { LiveMiner } from "../../../server/contract/live.ts";

/** Whether between two records of a miner something happened that is an event: a status, another identity, a restart. */
export function mayHaveEvent(before: LiveMiner, after: LiveMiner): boolean {
  return factsOf(before) !== factsOf(after) || uptimeOf(after) < uptimeOf(before);
}

function factsOf({ status, reason, address, port, mac, serial, model, modelReported, controlBoard, firmware }: LiveMiner): string {
  return JSON.stringify([status, reason, address, port, mac, serial, model, modelReported, controlBoard, firmware]);
}

function uptimeOf({ sample }: LiveMiner): number {
  return sample?.uptimeMs ?? 0;
}
