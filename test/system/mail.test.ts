import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChannelTested } from "../../server/contract/channels.ts";
import { selfSigned, SmtpEnd, type Certificate } from "../server/notify/smtpEnd.ts";
import { startServer, stopAll, temporaryDirectory, type TestServer } from "./program.ts";

const LOGIN = { username: "watch", password: "right" };

describe("mail to a server that is trusted by NODE_EXTRA_CA_CERTS", () => {
  const folder = temporaryDirectory();
  let certificate: Certificate;
  let server: TestServer;

  beforeAll(async () => {
    certificate = selfSigned();
    const file = join(folder.path, "mail.pem");
    writeFileSync(file, certificate.cert);
    server = await startServer(join(folder.path, "data"), ["--no-embedded-agent"], { env: { NODE_EXTRA_CA_CERTS: file } });
  });
  afterAll(async () => {
    await stopAll();
    folder.remove();
  });

  async function tryOut({ port }: SmtpEnd, { security, password }: { security: string; password: string }): Promise<ChannelTested> {
    const target = { kind: "email", host: "localhost", port, security, username: LOGIN.username, password };
    const { id } = await server.send<{ id: string }>("POST", "/channels", {
      name: `mail ${port} ${password}`,
      target: { ...target, from: "Hashwatch <watch@site.example>", to: ["ops@site.example"] },
      allowPrivate: true,
    });
    return await server.send("POST", `/channels/${id}/test`);
  }

  it.each(["starttls", "tls"] as const)("goes over %s with sign-in, and never in the clear", async (security) => {
    const end = await SmtpEnd.open({ ...certificate, ...LOGIN, security });
    expect(await tryOut(end, { security, password: "right" })).toMatchObject({ ok: true, detail: "250 taken" });
    expect(end.mails).toHaveLength(1);
    expect(end.mails[0]).toMatch(/^Subject: Hashwatch test message$/m);
    const first = security === "tls" ? [] : ["plain EHLO", "plain STARTTLS"];
    expect(end.commands.slice(0, first.length + 5)).toEqual([
      ...first,
      ...["EHLO", "AUTH", "MAIL", "RCPT", "DATA"].map((word) => `tls ${word}`),
    ]);
  });

  it("has its test answered with what the far end says of a wrong password", async () => {
    const end = await SmtpEnd.open({ ...certificate, ...LOGIN, security: "starttls" });
    expect(await tryOut(end, { security: "starttls", password: "wrong" })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("535 5.7.8 The password is wrong, said the far end") as string,
    });
    expect(end.mails).toEqual([]);
  });
});
