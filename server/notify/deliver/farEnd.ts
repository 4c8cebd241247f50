import type { ChannelTarget } from "../../contract/channels.ts";
import type { OutwardReply } from "../outward.ts";
import type { Message } from "../message.ts";
import type { TargetPolicy } from "../targets.ts";

/** How an attempt ended. `detail` is the far end's answer in short; `ref` names the message at the far end, for who can edit it. */
export type SendResult =
  | { readonly ok: true; readonly detail: string; readonly ref: string | null }
  | {
      readonly ok: false;
      readonly detail: string;
      readonly retry: boolean;
      readonly retryAfterMs: number | null;
      /** It may have arrived all the same. */
      readonly uncertain: boolean;
    };

/** What is to be told, and by which keys the far end recognises it. */
export interface Outgoing {
  readonly message: Message;
  /** The same for every attempt of one delivery. */
  readonly idempotencyKey: string;
  /** The same for every message of one incident. */
  readonly incidentKey: string;
  /** The message to bring up to date; null: send a new one. */
  readonly editRef: string | null;
  readonly nowMs: number;
}

export type Target<Kind extends ChannelTarget["kind"]> = Extract<ChannelTarget, { kind: Kind }>;
/** Sends one message. Expected failures are values; rejects with nothing but a bug. */
export type Send<Kind extends ChannelTarget["kind"]> = (
  target: Target<Kind>,
  outgoing: Outgoing,
  policy: TargetPolicy,
) => Promise<SendResult>;

/** What an HTTP answer means: 2xx is taken; busy, broken or late ends are tried again; the rest is a matter for people. */
export function resultOf(reply: OutwardReply, refIn: (body: string) => string | null = () => null): SendResult {
  if (!reply.ok) return { ok: false, detail: reply.detail, retry: reply.retry, retryAfterMs: null, uncertain: reply.uncertain };
  const { status, body, retryAfterMs } = reply;
  const detail = `${status} ${short(body)}`.trim();
  if (status >= 200 && status < 300) return { ok: true, detail, ref: refIn(body) };
  if (status >= 300 && status < 400) return refused(`${status}: redirects are not followed`);
  return { ok: false, detail, retry: status >= 500 || [408, 425, 429].includes(status), retryAfterMs, uncertain: false };
}

/** A failure that another attempt would not change. */
export function refused(detail: string): SendResult {
  return { ok: false, detail, retry: false, retryAfterMs: null, uncertain: false };
}

const DETAIL_MAX = 200;

/** A far end's answer in one short line. */
export function short(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > DETAIL_MAX ? `${line.slice(0, DETAIL_MAX - 1)}…` : line;
}

/** An object in an answer of JSON; empty where it is none. */
export function jsonOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
