import { requestOutward } from "../outward.ts";
import { jsonOf, refused, resultOf, type Send } from "./farEnd.ts";

const CONTENT_MAX = 2000;

/** Posts through a webhook, and edits what it posted. */
export const sendDiscord: Send<"discord"> = async ({ webhookUrl }, { message, editRef, nowMs }, policy) => {
  if (webhookUrl == null) return refused("Discord needs the address of a webhook");
  if (!URL.canParse(webhookUrl)) return refused("The address of the Discord webhook is none");
  const url = new URL(webhookUrl);
  if (editRef === null)
    url.searchParams.set("wait", "true"); // answers with the message and so its id
  else url.pathname += `/messages/${encodeURIComponent(editRef)}`;
  const content = `**${message.title}**\n${message.text}`.slice(0, CONTENT_MAX);
  const body = JSON.stringify({ content, allowed_mentions: { parse: [] } });
  const method = editRef === null ? "POST" : "PATCH";
  const reply = await requestOutward({ method, url: url.href, headers: { "content-type": "application/json" }, body, policy, nowMs });
  return resultOf(reply, (text) => {
    const { id } = jsonOf(text);
    return typeof id === "string" ? id : editRef;
  });
};
