import type { ChannelTested, Heartbeat, NotificationSettings } from "../../server/contract/channels.ts";
import { ok, type Answer } from "./fakeAnswer.ts";

const ALIVE = { alive: true, detail: "" };

/** The heartbeat and the settings of all notifications behind the page, changed by its requests. */
export class FakeHeartbeat {
  settings: NotificationSettings = { allowedTargets: [], heartbeat: null };
  shown: Heartbeat = {
    parts: { polling: ALIVE, ingest: ALIVE, evaluation: ALIVE, delivery: ALIVE },
    ...{ lastPingAtMs: null, lastOkAtMs: null, lastError: null },
  };
  /** What the far end answers to a ping. */
  tested: ChannelTested = { ok: true, detail: "200 OK", durationMs: 21 };
  /** What the next change or ping is refused with, null for nothing. */
  refusal: Answer | null = null;
  /** Bodies of PUT /settings/notifications, in order. */
  readonly changes: NotificationSettings[] = [];

  /** null: not about these. */
  answer(call: string, body: object): Answer | null {
    if (call === "GET /heartbeat") return ok(this.shown);
    if (call === "GET /settings/notifications") return ok(this.settings);
    if (call !== "POST /heartbeat/test" && call !== "PUT /settings/notifications") return null;
    const { refusal } = this;
    this.refusal = null;
    if (refusal !== null) return refusal;
    if (call === "POST /heartbeat/test") return ok(this.#ping());
    this.settings = body as NotificationSettings;
    this.changes.push(this.settings);
    return ok(this.settings);
  }

  #ping(): ChannelTested {
    const nowMs = Date.now();
    const { ok: isTaken, detail } = this.tested;
    this.shown = { ...this.shown, lastPingAtMs: nowMs, ...(isTaken ? { lastOkAtMs: nowMs, lastError: null } : { lastError: detail }) };
    return this.tested;
  }
}
