import type { ChannelTarget } from "../../contract/channels.ts";
import type { TargetPolicy } from "../targets.ts";
import { sendDiscord } from "./discord.ts";
import { sendEmail } from "./email.ts";
import type { Outgoing, SendResult } from "./farEnd.ts";
import { sendPagerduty } from "./pagerduty.ts";
import { sendSlack } from "./slack.ts";
import { sendTelegram } from "./telegram.ts";
import { sendWebhook } from "./webhook.ts";

/** One attempt at one far end; `target` with its secrets in the clear. */
export function sendTo(target: ChannelTarget, outgoing: Outgoing, policy: TargetPolicy): Promise<SendResult> {
  switch (target.kind) {
    case "webhook":
      return sendWebhook(target, outgoing, policy);
    case "email":
      return sendEmail(target, outgoing, policy);
    case "slack":
      return sendSlack(target, outgoing, policy);
    case "discord":
      return sendDiscord(target, outgoing, policy);
    case "telegram":
      return sendTelegram(target, outgoing, policy);
    case "pagerduty":
      return sendPagerduty(target, outgoing, policy);
  }
}

/** True where an earlier message can be brought up to date in its place. */
export function canEdit(target: ChannelTarget): boolean {
  if (target.kind === "slack") return target.botToken != null && target.channel !== null;
  return target.kind === "discord" || target.kind === "telegram";
}

/** True where the far end takes a message that comes twice for the one that it is, by its key. */
export function recognisesRepeats(target: ChannelTarget): boolean {
  return target.kind === "webhook" || target.kind === "pagerduty";
}
