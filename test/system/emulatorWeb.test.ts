import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Emulator } from "../emulator/emulator.ts";
import type { TestClock } from "./emulatorClient.ts";
import { exchange, startStill } from "./emulatorClient.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

describe("the emulated web API", () => {
  let emulator: Emulator;
  let clock: TestClock;
  beforeAll(async () => {
    ({ emulator, clock } = await startStill({ count: 3, address: "127.27.0.1", models: ["S21", "S19j Pro", "S9"], web: true }));
  });
  afterAll(() => emulator.close());

  const urlOf = (index: number, path: string): string =>
    `http://${emulator.endpoints[index].address}:${emulator.endpoints[index].webPort}${path}`;

  /** One GET with HTTP digest: the first answer gives the nonce. */
  async function get(index: number, path: string, password = "root"): Promise<{ status: number; body: string; type: string | null }> {
    const challenge = await fetch(urlOf(index, path));
    await challenge.text();
    const offered = challenge.headers.get("www-authenticate") ?? "";
    const nonce = /nonce="([^"]+)"/.exec(offered)?.[1] ?? "";
    expect(challenge.status).toBe(401);
    expect(offered).toContain('Digest realm="antMiner Configuration"');
    const digest = md5(`${md5(`root:antMiner Configuration:${password}`)}:${nonce}:00000001:abc:auth:${md5(`GET:${path}`)}`);
    const authorization = `Digest username="root", realm="antMiner Configuration", nonce="${nonce}", uri="${path}", qop=auth, nc=00000001, cnonce="abc", response="${digest}"`;
    const answer = await fetch(urlOf(index, path), { headers: { authorization } });
    return { status: answer.status, body: await answer.text(), type: answer.headers.get("content-type") };
  }

  it("tells MAC, serial and type behind root and root, with an empty line first and no word of JSON", async () => {
    const { status, body, type } = await get(0, "/cgi-bin/get_system_info.cgi");
    expect([status, type, body[0]]).toEqual([200, "text/html", "\n"]);
    const { mac, serial } = emulator.identity(0);
    expect(JSON.parse(body)).toMatchObject({ minertype: "Antminer S21", macaddr: mac, serinum: serial, ipaddress: "127.27.0.1" });
  });

  it("tells the control board by the subtype, where the image has that script", async () => {
    expect(JSON.parse((await get(0, "/cgi-bin/miner_type.cgi")).body)).toMatchObject({ subtype: "AMLCtrl_BHB68601" });
    expect(JSON.parse((await get(1, "/cgi-bin/miner_type.cgi")).body)).toMatchObject({ subtype: "BBCtrl_BHB42XXX" });
    expect((await get(2, "/cgi-bin/miner_type.cgi")).status).toBe(404);
    expect(JSON.parse((await get(2, "/cgi-bin/get_system_info.cgi")).body)).not.toHaveProperty("serinum");
  });

  it("refuses a wrong password", async () => {
    expect((await get(0, "/cgi-bin/get_system_info.cgi", "wrong")).status).toBe(401);
  });

  it("stays when only the API is down, and goes with the power", async () => {
    const web = { address: emulator.endpoints[0].address, port: emulator.endpoints[0].webPort ?? 0 };
    const kindOf = async (): Promise<string> => (await exchange(web, "GET / HTTP/1.0\r\n\r\n")).kind;
    await emulator.inject({ miners: [0], fault: "refuse", forMs: 1000 });
    expect(await kindOf()).toBe("closed");
    await clock.advance(emulator, 1000);
    await emulator.inject({ miners: [0], fault: "powerLoss", forMs: 1000, bootMs: 1000 });
    expect(await kindOf()).toBe("refused");
    await clock.advance(emulator, 2000);
    await emulator.settle();
    expect(await kindOf()).toBe("closed");
  });
});
