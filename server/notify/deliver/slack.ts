import { requestOutward } from "../outward.ts";
import { jsonOf, refused, resultOf, short, type Outgoing, type Send, type SendResult, type Target } from "./farEnd.ts";
import type { TargetPolicy } from "../targets.ts";

/** Posts by bot token, which can edit later, or else through an incoming webhook. */
export const sendSlack: Send<"slack"> = async (target, outgoing, policy) => {
  if (target.botToken != null && target.channel !== null) return callApi(target, outgoing, policy);
  if (target.webhookUrl == null) return refused("Slack needs a bot token with a channel, or the address of an incoming webhook");
  const body = JSON.stringify({ text: slackText(outgoing) });
  const request = { method: "POST", url: target.webhookUrl, headers: { "content-type": "application/json" }, body } as const;
  return resultOf(await requestOutward({ ...request, policy, nowMs: outgoing.nowMs }));
};

async function callApi(target: Target<"slack">, outgoing: Outgoing, policy: TargetPolicy): Promise<SendResult> {
  const { editRef, nowMs } = outgoing;
  // A reference is "channel timestamp": chat.update wants the id that the answer gave, not the name that people use.
  const [channel, ts] = editRef === null ? [target.channel, undefined] : editRef.split(" ");
  const method = editRef === null ? "chat.postMessage" : "chat.update";
  const reply = await requestOutward({
    method: "POST",
    url: new URL(`/api/${method}`, target.baseUrl).href,
    headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${target.botToken ?? ""}` },
    body: JSON.stringify({ channel, ts, text: slackText(outgoing), unfurl_links: false }),
    policy,
    nowMs,
  });
  const result = resultOf(reply);
  if (!reply.ok || !result.ok) return result;
  const answer = jsonOf(reply.body);
  if (answer.ok !== true) {
    const error = typeof answer.error === "string" ? answer.error : short(reply.body);
    const retry = ["ratelimited", "internal_error", "fatal_error", "service_unavailable"].includes(error);
    return { ok: false, detail: `Slack: ${error}`, retry, retryAfterMs: reply.retryAfterMs, uncertain: false };
  }
  return { ...result, ref: editRef ?? `${String(answer.channel)} ${String(answer.ts)}` };
}

function slackText({ message: { title, text } }: Outgoing): string {
  const escape = (plain: string) => plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `*${escape(title).replaceAll("*", "∗")}*\n${escape(text)}`;
}
