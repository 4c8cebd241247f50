import type { FleetIdentity } from "../contract/api.ts";
import { activePool, type Miner } from "./miner.ts";

/** The columns of GET /fleet/identity and of the `identity` event for these miners. */
export function identityColumns(miners: readonly Miner[], pollIntervalMs: (miner: Miner) => number): FleetIdentity {
  const column = <T>(value: (miner: Miner) => T): T[] => miners.map(value);
  return {
    id: column((miner) => miner.id),
    siteId: column((miner) => miner.siteId),
    rackId: column((miner) => miner.rackId),
    slot: column((miner) => miner.slot),
    agentId: column((miner) => miner.agentId),
    name: column((miner) => miner.name),
    tags: column((miner) => miner.tags),
    address: column((miner) => miner.address),
    port: column((miner) => miner.port),
    mac: column((miner) => miner.mac),
    serial: column((miner) => miner.serial),
    make: column((miner) => miner.make),
    model: column((miner) => miner.model),
    modelReported: column((miner) => miner.modelReported),
    firmwareFamily: column((miner) => miner.firmware.family),
    firmwareVersion: column((miner) => miner.firmware.version),
    controlBoard: column((miner) => miner.controlBoard),
    algorithm: column((miner) => miner.sample?.algorithm ?? miner.algorithm),
    ratedHashrateHs: column((miner) => miner.sample?.ratedHashrateHs ?? null),
    expectedFanCount: column((miner) => miner.sample?.expectedFanCount ?? null),
    pollIntervalMs: column(pollIntervalMs),
    pool: column((miner) => activePool(miner.sample)?.url ?? null),
    worker: column((miner) => activePool(miner.sample)?.worker ?? null),
  };
}
