import type { Logger } from "pino";
import type { ChannelTested, Heartbeat as HeartbeatShown, NotificationSettings } from "../contract/channels.ts";
import { ChangeError } from "../fleet/changeError.ts";
import { resultOf, type SendResult } from "./deliver/farEnd.ts";
import { requestOutward } from "./outward.ts";

/** A ping that failed is made again sooner than the interval asks for. */
const AGAIN_MS = 30_000;
/** Until then an agent connects and the first rules are evaluated. */
const FIRST_MS = 15_000;

type HeartbeatSettings = NonNullable<NotificationSettings["heartbeat"]>;

interface HeartbeatParts {
  readonly settings: () => NotificationSettings;
  readonly alive: (nowMs: number) => HeartbeatShown["parts"];
  readonly clock: () => number; // epoch ms
  readonly log: Logger;
}

/** Tells the outside that all is alive, for as long as it is: who waits for the ping in vain knows that Hashwatch stopped. */
export class Heartbeat {
  /** Pings since the start; `withheld`: due, but a part was down. */
  readonly counts = { ok: 0, failed: 0, withheld: 0 };
  readonly #parts: HeartbeatParts;
  #dueAtMs: number;
  #isWithheld = false;
  #lastPingAtMs: number | null = null;
  #lastOkAtMs: number | null = null;
  #lastError: string | null = null;
  #pinging: Promise<SendResult> | null = null;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#dueAtMs = parts.clock() + FIRST_MS;
  }

  /** Pings where that is due and every part is alive; comes back at once. */
  beat(): void {
    const { settings, alive, clock } = this.#parts;
    const nowMs = clock();
    const { heartbeat } = settings();
    if (heartbeat === null || this.#pinging !== null || nowMs < this.#dueAtMs) return;
    if (!Object.values(alive(nowMs)).every((part) => part.alive)) {
      this.#withhold();
      return;
    }
    this.#isWithheld = false;
    void this.#start(heartbeat, nowMs);
  }

  /** Pings at once and tells what the far end answered. Rejects with ChangeError where there is no address, or a part is down: a ping would deny that. */
  async pingNow(): Promise<ChannelTested> {
    const { settings, alive, clock } = this.#parts;
    await this.#pinging;
    const nowMs = clock();
    const { heartbeat } = settings();
    if (heartbeat === null) throw new ChangeError("conflict", "There is no heartbeat; save an address for it first");
    const down = Object.entries(alive(nowMs)).find(([, part]) => !part.alive);
    if (down !== undefined)
      throw new ChangeError(
        "conflict",
        `The heartbeat is withheld, as ${down[0]} is down: ${down[1].detail}; a ping would say that all is well`,
      );
    const startedAt = performance.now();
    const { ok, detail } = await this.#start(heartbeat, nowMs);
    return { ok, detail, durationMs: Math.round(performance.now() - startedAt) };
  }

  #start(heartbeat: HeartbeatSettings, nowMs: number): Promise<SendResult> {
    const ping = this.#ping(heartbeat, nowMs).finally(() => (this.#pinging = null));
    this.#pinging = ping;
    return ping;
  }

  #withhold(): void {
    if (this.#isWithheld) return;
    this.#isWithheld = true;
    this.counts.withheld++;
    this.#parts.log.warn({ parts: this.#parts.alive(this.#parts.clock()) }, "the heartbeat is withheld: a part is down");
  }

  async #ping({ url, intervalMs, allowPrivate }: HeartbeatSettings, nowMs: number): Promise<SendResult> {
    const policy = { allowPrivate, allowedTargets: this.#parts.settings().allowedTargets };
    const result = resultOf(await requestOutward({ method: "GET", url, policy, nowMs }));
    this.counts[result.ok ? "ok" : "failed"]++;
    this.#lastPingAtMs = nowMs;
    this.#lastError = result.ok ? null : result.detail;
    if (result.ok) this.#lastOkAtMs = nowMs;
    this.#dueAtMs = nowMs + (result.ok ? intervalMs : Math.min(intervalMs, AGAIN_MS));
    return result;
  }

  /** Another address or interval holds at once. */
  settingsChanged(): void {
    this.#dueAtMs = -Infinity;
    this.#lastError = null;
  }

  shown(): HeartbeatShown {
    const parts = this.#parts.alive(this.#parts.clock());
    return { parts, lastPingAtMs: this.#lastPingAtMs, lastOkAtMs: this.#lastOkAtMs, lastError: this.#lastError };
  }

  /** Resolves when no ping is on its way. */
  async settled(): Promise<void> {
    await this.#pinging;
  }
}
