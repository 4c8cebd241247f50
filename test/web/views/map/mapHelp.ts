import type { FleetIdentity, Rack } from "../../../../server/contract/api.ts";
import { statusCode, type StatusReason } from "../../../../server/contract/status.ts";
import { ServerClock } from "../../../../web/live/clock.ts";
import { Fleet } from "../../../../web/live/fleet.ts";
import { emptyIdentity } from "../../../../web/live/identity.ts";
import { identityOf, snapshotOf } from "../../fakeFleet.ts";

export interface MapMiner {
  readonly address: string;
  readonly rackId?: string;
  readonly slot?: number;
  readonly siteId?: string;
  readonly status?: StatusReason;
  readonly polledAtMs?: number;
}

export const NOW_MS = 1_700_000_000_000;

/** A fleet of miners m1, m2, …, in that order of rows, all hashing and just polled unless told otherwise. */
export function fleetOf(miners: readonly MapMiner[]): Fleet {
  const fleet = new Fleet(new ServerClock(() => NOW_MS), (callback) => callback());
  const snapshot = snapshotOf(miners.length, 0, { tick: 0, nowMs: NOW_MS });
  miners.forEach(({ status, polledAtMs }, row) => {
    if (snapshot.values.status !== undefined) snapshot.values.status[row] = statusCode(status ?? { status: "hashing", reason: "ok" });
    if (snapshot.values.polledAtMs !== undefined) snapshot.values.polledAtMs[row] = polledAtMs ?? NOW_MS;
  });
  fleet.takeSnapshot(snapshot);
  fleet.takeIdentity(identityWith(miners));
  return fleet;
}

function identityWith(miners: readonly MapMiner[]): FleetIdentity {
  return {
    ...emptyIdentity(),
    ...identityOf(miners.length),
    address: miners.map(({ address }) => address),
    rackId: miners.map(({ rackId }) => rackId ?? null),
    slot: miners.map(({ slot }) => slot ?? null),
    siteId: miners.map(({ siteId }) => siteId ?? "s1"),
  };
}

export const rack = (id: string, size: { rows: number; columns: number }, siteId = "s1"): Rack => ({ id, siteId, name: id, ...size });
export const SITE = { id: "s1", name: "Pecos" };
