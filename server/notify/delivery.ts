import { z } from "zod";
import { Delivery, DeliveryEvent } from "../contract/channels.ts";
import { Incident, Severity } from "../contract/incidents.ts";

/** One message for one channel as it is kept, from the moment it is due to be sent until long after it was. */
export const StoredDelivery = Delivery.extend({
  /** null once nothing is to be sent any more. */
  message: z
    .object({
      event: DeliveryEvent,
      title: z.string(),
      text: z.string(),
      link: z.string().nullable(),
      incident: Incident.nullable(),
      severity: Severity.nullable().default(null),
    })
    .nullable(),
  /** An attempt has begun; one that is found so at a start was cut off, and nobody knows whether the far end took it. */
  isUnderway: z.boolean(),
  /** Attempts of which nobody knows that. */
  uncertainCount: z.number().int(),
  /** The summary whose event at the far end this one resolves; null: none. */
  summaryId: z.string().nullable().default(null),
  /** Name of the message at the far end, for who can edit it. */
  ref: z.string().nullable(),
});
export type StoredDelivery = z.infer<typeof StoredDelivery>;

type Ended = Exclude<StoredDelivery["state"], "queued">;

/** It is done with. A dead one keeps its message, so that it can be sent again. */
export function ended(delivery: StoredDelivery, state: Ended, { detail, nowMs }: { detail: string; nowMs: number }): StoredDelivery {
  const message = state === "dead" ? delivery.message : null;
  return { ...delivery, state, detail, message, isUnderway: false, nextAttemptAtMs: null, endedAtMs: nowMs };
}

/** The number in an id such as `d17`: it grows with time. */
export function numberOf({ id }: Pick<StoredDelivery, "id">): number {
  return Number(id.slice(1));
}

/** As people see it. */
export function shownDelivery(delivery: StoredDelivery): Delivery {
  return Delivery.parse(delivery);
}
