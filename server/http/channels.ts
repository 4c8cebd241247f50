import { z } from "zod";
import { hasRole, type Principal } from "../accounts/principal.ts";
import { id } from "../contract/api.ts";
import { Channel, ChannelBody, ChannelPatch, ChannelTested, Preview, PreviewBody } from "../contract/channels.ts";
import type { ApiDeps } from "./deps.ts";
import { pageInOrder, pageOf, PageQuery } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });

/** Where people are told: channels with their far ends. Secrets are taken and never given. */
export function channelRoutes(deps: ApiDeps): Route[] {
  return [...collectionRoutes(deps), ...memberRoutes(deps)];
}

function collectionRoutes({ notifications }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/channels",
      role: "operator",
      allSites: true,
      summary: "All channels, with what waits for them and how the last attempt ended",
      query: PageQuery,
      answer: pageOf(Channel),
      action: null,
      handler: ({ query }) => pageInOrder(notifications.channels(), query),
    }),
    route({
      method: "post",
      path: "/channels",
      role: "operator",
      allSites: true,
      summary: "Make a channel; as long as no route names it, it hears of every incident",
      body: ChannelBody,
      answer: Channel,
      status: 201,
      action: "channel.create",
      async handler({ body, principal }) {
        if (body.allowPrivate) requireConsent(principal);
        return notifications.shown(await notifications.book.createChannel(body));
      },
    }),
    route({
      method: "post",
      path: "/channels/preview",
      role: "operator",
      allSites: true,
      summary: "The message that a template makes of an incident, or of an example",
      body: PreviewBody,
      answer: Preview,
      action: null,
      handler: ({ body }) => notifications.preview(body),
    }),
  ];
}

function memberRoutes({ notifications }: ApiDeps): Route[] {
  const { book } = notifications;
  const own = (channelId: string) => found("channel", channelId, book.channel(channelId));
  return [
    route({
      method: "get",
      path: "/channels/:id",
      role: "operator",
      allSites: true,
      summary: "One channel",
      params,
      answer: Channel,
      action: null,
      handler: ({ params }) => notifications.shown(own(params.id)),
    }),
    route({
      method: "patch",
      path: "/channels/:id",
      role: "operator",
      allSites: true,
      summary: "Change a channel; what is left out stays, and so do secrets where the far end is the same",
      params,
      body: ChannelPatch,
      answer: Channel,
      action: "channel.change",
      async handler({ params, body, principal }) {
        const { allowPrivate } = own(params.id);
        const opensPrivate = body.allowPrivate === true && !allowPrivate;
        const movesWithin = body.target !== undefined && (body.allowPrivate ?? allowPrivate);
        if (opensPrivate || movesWithin) requireConsent(principal);
        return notifications.shown(found("channel", params.id, await book.changeChannel(params.id, body)));
      },
    }),
    route({
      method: "delete",
      path: "/channels/:id",
      role: "operator",
      allSites: true,
      summary: "Delete a channel; what waits for it is dropped, and routes forget it",
      params,
      answer: null,
      action: "channel.delete",
      async handler({ params }) {
        if (!(await book.removeChannel(params.id))) throw notFound("channel", params.id);
      },
    }),
    route({
      method: "post",
      path: "/channels/:id/test",
      role: "operator",
      allSites: true,
      summary: "Send a test message now; the answer is the far end's own",
      params,
      answer: ChannelTested,
      action: "channel.test",
      handler: ({ params }) => notifications.test(own(params.id)),
    }),
  ];
}

/** Private addresses are behind the walls that keep others out: who opens them must be an administrator. */
function requireConsent(principal: Principal): void {
  if (hasRole(principal, "admin")) return;
  throw new ProblemError(403, "Only an administrator may let a channel reach private addresses, or change where such a channel goes", {
    field: "allowPrivate",
  });
}
