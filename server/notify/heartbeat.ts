import type { Logger } from "pino";
import type { Heartbeat as HeartbeatShown, NotificationSettings } from "../contract/channels.ts";
import { resultOf } from "./deliver/farEnd.ts";
import { requestOutward } from "./outward.ts";

/** A ping that failed is made again sooner than the interval asks for. */
const AGAIN_MS = 30_000;
/** Until then an agent connects and the first rules are evaluated. */
const FIRST_MS = 15_000;

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
  #pinging: Promise<void> | null = null;

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
    this.#pinging = this.#ping(heartbeat, nowMs).finally(() => (this.#pinging = null));
  }

  #withhold(): void {
    if (this.#isWithheld) return;
    this.#isWithheld = true;
    this.counts.withheld++;
    this.#parts.log.warn({ parts: this.#parts.alive(this.#parts.clock()) }, "the heartbeat is withheld: a part is down");
  }

  async #ping({ url, intervalMs, allowPrivate }: NonNullable<NotificationSettings["heartbeat"]>, nowMs: number): Promise<void> {
    const policy = { allowPrivate, allowedTargets: this.#parts.settings().allowedTargets };
    const result = resultOf(await requestOutward({ method: "GET", url, policy, nowMs }));
    this.counts[result.ok ? "ok" : "failed"]++;
    this.#lastPingAtMs = nowMs;
    this.#lastError = result.ok ? null : result.detail;
    if (result.ok) this.#lastOkAtMs = nowMs;
    this.#dueAtMs = nowMs + (result.ok ? intervalMs : Math.min(intervalMs, AGAIN_MS));
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
