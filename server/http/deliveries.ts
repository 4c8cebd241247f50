import { z } from "zod";
import { id } from "../contract/api.ts";
import { Delivery, DeliveryState, Retried, RetryBody } from "../contract/channels.ts";
import type { ApiDeps } from "./deps.ts";
import { pageInOrder, pageOf, PageQuery } from "./page.ts";
import { found, ProblemError } from "./problem.ts";
import { anyOf } from "./queryList.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });
const DeliveryQuery = PageQuery.extend({ state: anyOf(DeliveryState), channel: anyOf(id), incident: anyOf(id) });

/** What was sent, what waits, what was recorded and not sent, and the dead letters. */
export function deliveryRoutes({ notifications }: ApiDeps): Route[] {
  const common = { role: "operator", allSites: true } as const;
  return [
    route({
      ...common,
      method: "get",
      path: "/deliveries",
      summary: "Messages to channels, the newest first",
      query: DeliveryQuery,
      answer: pageOf(Delivery),
      action: null,
      handler({ query }) {
        const has = (wanted: readonly string[] | undefined, value: string | null): boolean =>
          wanted === undefined || (value !== null && wanted.includes(value));
        const wanted = notifications
          .deliveries()
          .filter((each) => has(query.state, each.state) && has(query.channel, each.channelId) && has(query.incident, each.incidentId));
        return pageInOrder(wanted, query);
      },
    }),
    route({
      ...common,
      method: "post",
      path: "/deliveries/retry",
      summary: "Send all dead letters of a channel again",
      body: RetryBody,
      answer: Retried,
      action: "delivery.retry",
      async handler({ body: { channelId } }) {
        const dead = notifications.deliveries().filter((each) => each.state === "dead" && each.channelId === channelId);
        const again = await notifications.retry(dead.map((each) => each.id).reverse());
        return { queuedCount: again.length };
      },
    }),
    route({
      ...common,
      method: "get",
      path: "/deliveries/:id",
      summary: "One message to a channel",
      params,
      answer: Delivery,
      action: null,
      handler: ({ params }) => found("delivery", params.id, notifications.delivery(params.id)),
    }),
    route({
      ...common,
      method: "post",
      path: "/deliveries/:id/retry",
      summary: "Send a dead letter again",
      params,
      answer: Delivery,
      action: "delivery.retry",
      async handler({ params }) {
        const { state } = found("delivery", params.id, notifications.delivery(params.id));
        const again = (await notifications.retry([params.id])).at(0);
        if (again === undefined) throw new ProblemError(409, `Delivery ${params.id} is ${state}; only dead letters are sent again`);
        return again;
      },
    }),
  ];
}
