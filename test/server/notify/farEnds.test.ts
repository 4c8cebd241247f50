import { createHmac } from "node:crypto";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, it } from "vitest";
import type { ChannelTarget } from "../../../server/contract/channels.ts";
import { sendTo } from "../../../server/notify/deliver/send.ts";
import { messageOf } from "../../../server/notify/message.ts";
import { sampleIncident } from "../../../server/notify/sample.ts";
import { requireKnownFields } from "../../../server/notify/template.ts";
import { createVault } from "../../../server/notify/vault.ts";
import { FarEnd, portOf } from "./farEnd.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 3);
const OPEN = { allowPrivate: true, allowedTargets: [] };
const WORDING = {
  templates: { opened: null, changed: null, closed: null },
  timeZone: "Europe/Berlin",
  publicUrl: "https://watch.example",
  siteName: () => null,
};

function outgoing(editRef: string | null = null) {
  const message = messageOf("opened", sampleIncident("opened", NOW_MS), WORDING, NOW_MS);
  return { message, idempotencyKey: "x-7", incidentKey: "hashwatch-x-i0", editRef, nowMs: NOW_MS };
}

const farEnd = (status: number, answer: string, headers: Record<string, string> = {}) => FarEnd.open({ status, answer, headers });

describe("sendTo()", () => {
  it("signs what a webhook gets", async () => {
    const { got, url } = await farEnd(200, "thanks");
    const result = await sendTo({ kind: "webhook", url: `${url}/hook`, signingKey: "k" }, outgoing(), OPEN);
    expect(result).toEqual({ ok: true, detail: "200 thanks", ref: null });
    const { headers, body } = got[0];
    const t = NOW_MS / 1000;
    expect(headers["hashwatch-signature"]).toBe(`t=${t},v1=${createHmac("sha256", "k").update(`${t}.${body}`).digest("hex")}`);
    expect([headers["idempotency-key"], JSON.parse(body)]).toMatchObject(["x-7", { event: "opened", incident: { id: "i0" } }]);
  });

  it("tells what to try again and when, and follows no redirect", async () => {
    const busy = await farEnd(503, "busy", { "retry-after": "120" });
    const hook = (url: string): ChannelTarget => ({ kind: "webhook", url, signingKey: null });
    expect(await sendTo(hook(busy.url), outgoing(), OPEN)).toMatchObject({
      ...{ ok: false, detail: "503 busy", retry: true, retryAfterMs: 120_000, uncertain: false },
    });
    const moved = await farEnd(302, "", { location: busy.url });
    expect(await sendTo(hook(moved.url), outgoing(), OPEN)).toMatchObject({ ok: false, retry: false });
    expect(busy.got.length).toBe(1);
  });

  it("reaches no private address without consent, by number or by name, and nothing that is not listed", async () => {
    const { got, url } = await farEnd(200, "");
    const closed = { allowPrivate: false, allowedTargets: [] };
    for (const each of [url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "[::ffff:127.0.0.1]")]) {
      const result = await sendTo({ kind: "webhook", url: each, signingKey: null }, outgoing(), closed);
      expect(result).toMatchObject({ ok: false, retry: false });
    }
    const listed = { allowPrivate: true, allowedTargets: ["*.example.com"] };
    expect(await sendTo({ kind: "webhook", url, signingKey: null }, outgoing(), listed)).toMatchObject({ ok: false, retry: false });
    expect(got).toEqual([]);
  });

  it("sends by Slack, Discord, Telegram and PagerDuty, and edits where that can be", async () => {
    const slack = await farEnd(200, '{"ok":true,"channel":"C1","ts":"1.5"}');
    const bot: ChannelTarget = { kind: "slack", webhookUrl: null, botToken: "b", channel: "#ops", baseUrl: slack.url };
    expect(await sendTo(bot, outgoing(), OPEN)).toMatchObject({ ok: true, ref: "C1 1.5" });
    await sendTo(bot, outgoing("C1 1.5"), OPEN);
    expect(slack.got.map(({ url }) => url)).toEqual(["/api/chat.postMessage", "/api/chat.update"]);

    const discord = await farEnd(200, '{"id":"77"}');
    const room: ChannelTarget = { kind: "discord", webhookUrl: `${discord.url}/api/webhooks/1/t` };
    expect(await sendTo(room, outgoing(), OPEN)).toMatchObject({ ok: true, ref: "77" });
    await sendTo(room, outgoing("77"), OPEN);
    expect(discord.got.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST /api/webhooks/1/t?wait=true",
      "PATCH /api/webhooks/1/t/messages/77",
    ]);

    const telegram = await farEnd(200, '{"ok":true,"result":{"message_id":9}}');
    const chat: ChannelTarget = { kind: "telegram", botToken: "1:a", chatId: "5", baseUrl: telegram.url };
    expect(await sendTo(chat, outgoing(), OPEN)).toMatchObject({ ok: true, ref: "9" });
    await sendTo(chat, outgoing("9"), OPEN);
    expect(telegram.got.map(({ url }) => url)).toEqual(["/bot1:a/sendMessage", "/bot1:a/editMessageText"]);

    const pager = await farEnd(202, '{"status":"success"}');
    await sendTo({ kind: "pagerduty", routingKey: "r", baseUrl: pager.url }, outgoing(), OPEN);
    expect(JSON.parse(pager.got[0]?.body ?? "")).toMatchObject({ event_action: "trigger", dedup_key: "hashwatch-x-i0" });
  });

  it("sends mail over SMTP", async () => {
    let mail = "";
    const server = createTcpServer((socket) => {
      let inData = false;
      socket.write("220 test\r\n");
      socket.on("data", (chunk) => {
        for (const line of chunk.toString().split("\r\n").slice(0, -1)) {
          if (inData && line !== ".") mail += `${line}\n`;
          else if (line === "DATA") socket.write(((inData = true), "354 go on\r\n"));
          else if (line === "QUIT") socket.end("221 bye\r\n");
          else socket.write(((inData = false), "250 ok\r\n"));
        }
      });
      socket.on("error", () => undefined);
    });
    const port = await portOf(server);
    const target: ChannelTarget = {
      ...{ kind: "email", host: "127.0.0.1", port, security: "none", username: null, password: null },
      ...{ from: "Hashwatch <hw@example.com>", to: ["ops@example.com"] },
    };
    expect(await sendTo(target, outgoing(), OPEN)).toMatchObject({ ok: true, detail: "250 ok" });
    expect(mail).toContain("Message-ID: <x-7@hashwatch.local>");
    expect(mail.replaceAll("=\n", "")).toContain("https://watch.example/incidents/i0"); // quoted-printable breaks lines
  });
});

describe("requireKnownFields()", () => {
  it("names an unknown field and its place", () => {
    expect(() => requireKnownFields("ok {{title}}\n {{colour}}", "templates.opened")).toThrow("{{colour}} (line 2, column 2)");
    expect(() => requireKnownFields("{{title", "templates.opened")).toThrow("line 1, column 1");
  });
});

describe("createVault()", () => {
  it("opens what it sealed, and nothing that another key sealed", () => {
    const vault = createVault(() => Buffer.alloc(32, 1));
    expect(vault.open(vault.seal("s3cret"))).toBe("s3cret");
    expect(() => createVault(() => Buffer.alloc(32, 2)).open(vault.seal("s3cret"))).toThrow("cannot be read");
  });
});
