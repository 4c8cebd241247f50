import { createHmac } from "node:crypto";
import type { WebhookBody } from "../../contract/channels.ts";
import { requestOutward } from "../outward.ts";
import { resultOf, type Send } from "./farEnd.ts";

/** POSTs `{event, incident, title, text, link}`, signed where a key is set. */
export const sendWebhook: Send<"webhook"> = async ({ url, signingKey }, { message, idempotencyKey, nowMs }, policy) => {
  const { event, incident, title, text, link } = message;
  const body = JSON.stringify({ event: event === "edited" ? "changed" : event, incident, title, text, link } satisfies WebhookBody);
  const seconds = Math.floor(nowMs / 1000);
  const signature = signingKey == null ? {} : { "hashwatch-signature": `t=${seconds},v1=${signatureOf(`${seconds}.${body}`, signingKey)}` };
  const headers = { "content-type": "application/json", "idempotency-key": idempotencyKey, ...signature };
  return resultOf(await requestOutward({ method: "POST", url, headers, body, policy, nowMs }));
};

function signatureOf(text: string, key: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}
