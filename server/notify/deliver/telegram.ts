import { requestOutward } from "../outward.ts";
import { jsonOf, refused, resultOf, type Send } from "./farEnd.ts";

const TEXT_MAX = 4096;

/** Sends by a bot, and edits what it sent. */
export const sendTelegram: Send<"telegram"> = async ({ botToken, chatId, baseUrl }, { message, editRef, nowMs }, policy) => {
  if (botToken == null) return refused("Telegram needs the token of a bot");
  const method = editRef === null ? "sendMessage" : "editMessageText";
  const edited = editRef === null ? {} : { message_id: Number(editRef) };
  const text = `${message.title}\n${message.text}`.slice(0, TEXT_MAX);
  const reply = await requestOutward({
    method: "POST",
    url: new URL(`/bot${botToken}/${method}`, baseUrl).href,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat_id: chatId, ...edited, text, link_preview_options: { is_disabled: true } }),
    policy,
    nowMs,
  });
  const answer = reply.ok ? jsonOf(reply.body) : {};
  // An edit that changes nothing is answered with 400.
  if (editRef !== null && String(answer.description).includes("message is not modified"))
    return { ok: true, detail: "unchanged", ref: editRef };
  const result = resultOf(reply, () => messageIdOf(answer.result) ?? editRef);
  return result.ok ? result : { ...result, retryAfterMs: result.retryAfterMs ?? retryAfterOf(answer.parameters) };
};

function messageIdOf(result: unknown): string | null {
  return typeof result === "object" && result !== null && "message_id" in result ? String(result.message_id) : null;
}

function retryAfterOf(parameters: unknown): number | null {
  if (typeof parameters !== "object" || parameters === null || !("retry_after" in parameters)) return null;
  return typeof parameters.retry_after === "number" ? parameters.retry_after * 1000 : null;
}
