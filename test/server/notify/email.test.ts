import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { ChannelTarget } from "../../../server/contract/channels.ts";
import { NotifyStage } from "./notifyHelp.ts";
import { selfSigned, SmtpEnd, type Certificate } from "./smtpEnd.ts";

const LOGIN = { username: "watch", password: "right" };
let certificate: Certificate;

type Security = Extract<ChannelTarget, { kind: "email" }>["security"];

async function mailTo({ port }: SmtpEnd, { security, password = LOGIN.password }: { security: Security; password?: string }) {
  const stage = await NotifyStage.open();
  const target = { kind: "email", host: "localhost", port, security, username: LOGIN.username, password } as const;
  await stage.channel({ target: { ...target, from: "hw@example.com", to: ["ops@example.com"] } });
  return stage;
}

function test({ notifications }: NotifyStage) {
  return notifications.test(notifications.book.channels()[0]);
}

describe("what is sent over TLS", () => {
  beforeAll(() => {
    certificate = selfSigned();
  });
  const refusal = {
    ok: false,
    detail: expect.stringMatching(/^its certificate is not trusted: self-signed certificate; .*NODE_EXTRA_CA_CERTS/) as string,
  };

  it.each(["starttls", "tls"] as const)("is no mail over %s for a server whose certificate nobody vouches for", async (security) => {
    const end = await SmtpEnd.open({ ...certificate, ...LOGIN, security });
    expect(await test(await mailTo(end, { security }))).toMatchObject(refusal);
    expect(end.commands.filter((command) => !/^plain (EHLO|STARTTLS)$/.test(command))).toEqual([]);
  });

  it("is nothing for a webhook whose certificate nobody vouches for", async () => {
    let requestCount = 0;
    const server = createServer(certificate, (_, response) => (requestCount++, response.end()));
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    onTestFinished(() => void server.close());
    const stage = await NotifyStage.open();
    await stage.webhook(`https://localhost:${(server.address() as AddressInfo).port}/`);
    expect(await test(stage)).toMatchObject(refusal);
    expect(requestCount).toBe(0);
  });

  it("is neither mail nor password where the server does not know STARTTLS", async () => {
    const end = await SmtpEnd.open({ ...certificate, ...LOGIN, security: "none" });
    expect(await test(await mailTo(end, { security: "starttls" }))).toMatchObject({
      ok: false,
      detail: expect.stringContaining("STARTTLS") as string,
    });
    expect(end.commands.filter((command) => /AUTH|MAIL|DATA/.test(command))).toEqual([]);
  });
});

describe("mail with sign-in", () => {
  it("is taken", async () => {
    const end = await SmtpEnd.open({ ...certificate, ...LOGIN, security: "none" });
    const stage = await mailTo(end, { security: "none" });
    await stage.news("opened");
    expect(stage.deliveries("sent")).toMatchObject([{ event: "opened", detail: "250 taken" }]);
    expect(end.mails).toHaveLength(1);
    expect(end.mails[0]).toMatch(/^Subject: Warning: 46 of 48 miners in rack B07/m);
  });

  it("is a dead letter, with what the far end said, where the password is wrong", async () => {
    const end = await SmtpEnd.open({ ...certificate, ...LOGIN, security: "none" });
    const stage = await mailTo(end, { security: "none", password: "wrong" });
    await stage.news("opened");
    expect(stage.deliveries("dead")).toMatchObject([
      { attemptCount: 1, detail: expect.stringContaining("535 5.7.8 The password is wrong, said the far end") as string },
    ]);
    expect(end.mails).toEqual([]);
  });
});
