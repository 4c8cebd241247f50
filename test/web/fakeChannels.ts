import type { Channel, ChannelBody, ChannelTested, Delivery, NotificationRoute, RouteBody } from "../../server/contract/channels.ts";
import { list, ok, refused, type Answer } from "./fakeAnswer.ts";

type Body = Record<string, unknown>;

const MASK = "••••••••";

/** Channels, routes and messages behind the page, changed by its requests. */
export class FakeChannels {
  channels: Channel[] = [];
  routes: NotificationRoute[] = [];
  deliveries: Delivery[] = [];
  /** What the far end answers to a test. */
  tested: ChannelTested = { ok: true, detail: "200 OK", durationMs: 34 };
  /** What the next change, test or preview is refused with, null for nothing. */
  refusal: Answer | null = null;
  /** Calls that change or look, with their bodies, in order. */
  readonly calls: { readonly call: string; readonly body: Body }[] = [];
  #count = 0;

  /** A webhook as somebody made it. */
  add(name: string, change: Partial<Channel> = {}): Channel {
    const made: Channel = {
      ...{ id: `channel${++this.#count}`, name, enabled: true, allowPrivate: false, budgetPerHour: 20, timeZone: "UTC" },
      target: { kind: "webhook", url: "https://example.com/hook", signingKey: MASK },
      templates: { opened: null, changed: null, closed: null },
      ...{ createdAtMs: 0, queuedCount: 0, deadCount: 0, lastSentAtMs: null, lastError: null },
      ...change,
    };
    this.channels = [...this.channels, made];
    return made;
  }

  addDelivery(change: Partial<Delivery>): void {
    const delivery: Delivery = {
      ...{ id: `d${this.deliveries.length + 1}`, channelId: "channel1", channelName: "Ops", incidentId: "i1", event: "opened" },
      ...{ title: "Rack A01: 48 of 48 unreachable", state: "sent", createdAtMs: Date.now(), attemptCount: 1 },
      ...{ nextAttemptAtMs: null, endedAtMs: null, detail: "200 OK" },
      ...change,
    };
    this.deliveries = [delivery, ...this.deliveries];
  }

  /** null: not about these. */
  answer(call: string, url: URL, body: Body): Answer | null {
    const [, method = "", kind = "", id = "", deed = ""] =
      /^(\w+) \/(channels|routes|deliveries)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(call) ?? [];
    if (method === "") return null;
    if (method === "GET") return this.#list(kind, url.searchParams);
    this.calls.push({ call, body });
    if (this.refusal !== null) {
      const refusal = this.refusal;
      this.refusal = null;
      return refusal;
    }
    if (kind === "deliveries") return this.#retry(id, String(body["channelId"]));
    if (id === "preview") return ok({ title: "Critical: rack A01", text: "48 of 48 miners\nwent <b>dark</b>" });
    if (deed === "test") return ok(this.tested);
    return kind === "channels" ? this.#changeChannels(method, id, body) : this.#changeRoutes(method, id, body);
  }

  #list(kind: string, query: URLSearchParams): Answer {
    if (kind === "channels") return list(this.channels);
    if (kind === "routes") return list(this.routes);
    const wanted = query.get("state");
    const incident = query.get("incident");
    const fits = (delivery: Delivery): boolean =>
      (wanted === null || delivery.state === wanted) && (incident === null || delivery.incidentId === incident);
    const all = this.deliveries.filter(fits);
    const from = Number(query.get("cursor") ?? 0);
    const to = from + 100;
    return ok({ items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null, totalCount: all.length });
  }

  #changeChannels(method: string, id: string, body: Body): Answer {
    if (method === "POST") return ok(this.add(String(body["name"]), masked(body as unknown as ChannelBody)), 201);
    if (method === "DELETE") {
      this.channels = this.channels.filter((each) => each.id !== id);
      return ok(null, 204);
    }
    this.channels = this.channels.map((each) => (each.id === id ? { ...each, ...body } : each));
    return ok(this.channels.find((each) => each.id === id));
  }

  #changeRoutes(method: string, id: string, body: Body): Answer {
    if (method === "DELETE") {
      this.routes = this.routes.filter((each) => each.id !== id);
      return ok(null, 204);
    }
    if (method === "PATCH") {
      this.routes = this.routes.map((each) => (each.id === id ? { ...each, ...body } : each));
      return ok(this.routes.find((each) => each.id === id));
    }
    const made = { ...(body as unknown as RouteBody), id: `route${++this.#count}`, createdAtMs: 0 };
    this.routes = [...this.routes, made];
    return ok(made, 201);
  }

  #retry(id: string, channelId: string): Answer {
    const isMeant = (each: Delivery): boolean => each.state === "dead" && (id === "retry" ? each.channelId === channelId : each.id === id);
    const again = this.deliveries.filter(isMeant);
    if (again.length === 0) return refused(409, `Delivery ${id} is sent; only dead letters are sent again`);
    this.deliveries = this.deliveries.map((each) => (isMeant(each) ? { ...each, state: "queued" } : each));
    this.channels = this.channels.map((each) => ({ ...each, deadCount: 0 }));
    return ok(id === "retry" ? { queuedCount: again.length } : again[0]);
  }
}

/** Secrets do not come back. */
function masked({ target, ...rest }: ChannelBody): Partial<Channel> {
  const hidden = Object.fromEntries(
    Object.entries(target).map(([key, value]) => [key, /Key$|Token$|password|webhookUrl/.test(key) && value !== null ? MASK : value]),
  );
  return { ...rest, target: hidden as Channel["target"] };
}
