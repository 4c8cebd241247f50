import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { digestAuthorization, parseDigestChallenge } from "../../../agent/identity/digest.ts";
import { readCgi } from "../../../agent/identity/webApi.ts";
import { webFactsOf } from "../../../agent/identity/webFacts.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** Checks the digest by hand, as lighttpd on a miner does. */
function isSignedIn(request: IncomingMessage, { qop }: { qop: boolean }): boolean {
  const header = request.headers.authorization ?? "";
  const field = (name: string): string => new RegExp(`\\b${name}="?([^",]+)"?`).exec(header)?.[1] ?? "";
  const ha1 = md5("root:antMiner Configuration:secret");
  const ha2 = md5(`${request.method ?? ""}:${request.url ?? ""}`);
  const middle = qop ? `abc123:${field("nc")}:${field("cnonce")}:auth` : "abc123";
  return field("username") === "root" && field("response") === md5(`${ha1}:${middle}:${ha2}`);
}

async function startWeb(body: string, { qop = true, status = 200 } = {}): Promise<{ address: string; port: number; methods: string[] }> {
  const methods: string[] = [];
  const server = createServer((request, response) => {
    methods.push(request.method ?? "");
    if (!isSignedIn(request, { qop })) {
      response.writeHead(401, { "WWW-Authenticate": `Digest realm="antMiner Configuration", nonce="abc123"${qop ? ', qop="auth"' : ""}` });
      response.end();
    } else response.writeHead(status, { "Content-Type": "text/html" }).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: "127.0.0.1", port: (server.address() as AddressInfo).port, methods };
}

const root = { username: "root", password: "secret" };
const limits = { timeoutMs: 2000, signal: new AbortController().signal };

describe("readCgi()", () => {
  it.each([true, false])("signs in by digest (qop %s) and reads a body with blank lines in front", async (qop) => {
    const web = await startWeb('\n\n{"macaddr":"02:00:00:AA:BB:CC","hostname":"antMiner"}\n', { qop });
    const answer = await readCgi(web, "get_system_info.cgi", { ...limits, credential: root });
    expect(answer).toEqual({ ok: true, fields: { macaddr: "02:00:00:AA:BB:CC", hostname: "antMiner" } });
    expect(new Set(web.methods)).toEqual(new Set(["GET"]));
  });

  it("says when the password is not taken, and does not try again", async () => {
    const web = await startWeb("{}");
    const answer = await readCgi(web, "get_system_info.cgi", { ...limits, credential: { username: "root", password: "wrong" } });
    expect(answer).toMatchObject({ ok: false, failure: "denied" });
    expect(web.methods).toHaveLength(2);
  });

  it.each(["<html>404</html>", "[1,2]", '"text"', "", "x".repeat(100_000)])("does not read %.20s as an object", async (body) => {
    const web = await startWeb(body);
    expect((await readCgi(web, "miner_type.cgi", { ...limits, credential: root })).ok).toBe(false);
  });

  it("gives up after its time on a machine that takes the connection and says nothing", async () => {
    const server = createServer(() => undefined);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await readCgi({ address: "127.0.0.1", port }, "miner_type.cgi", { ...limits, timeoutMs: 100, credential: root });
    expect(answer).toMatchObject({ ok: false, failure: "noAnswer" });
  });
});

describe("digestAuthorization()", () => {
  it("answers the example of RFC 2617", () => {
    const challenge = parseDigestChallenge(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    );
    const header = digestAuthorization(
      challenge!,
      { username: "Mufasa", password: "Circle Of Life" },
      { method: "GET", path: "/dir/index.html", cnonce: "0a4f113b" },
    );
    expect(header).toContain('response="6629fae49393a05397450978507c4ef1"');
    expect(header).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"');
  });

  it.each(["Basic realm=x", 'Digest realm="x", nonce="y", algorithm=SHA-256', 'Digest realm="x"'])("does not answer %s", (header) => {
    expect(parseDigestChallenge(header)).toBeNull();
  });
});

describe("webFactsOf()", () => {
  it("tells MAC, serial, host name and control board, each with its source", () => {
    const facts = webFactsOf(
      { macaddr: "02:00:00:AA:BB:CC", serinum: "SMTT123", hostname: "rig-7", system_kernel_version: "Linux 4.9.113 #1" },
      { subtype: "CVCtrl_BHB42XXX" },
      1000,
    );
    expect(facts).toMatchObject({ mac: "02:00:00:aa:bb:cc", serial: "SMTT123", hostname: "rig-7", controlBoard: "cvitek" });
    expect(facts.evidence).toContainEqual({ kind: "controlBoard", value: "cvitek", source: "miner_type.cgi", lastSeenAtMs: 1000 });
    expect(facts.evidence).toContainEqual({ kind: "mac", value: "02:00:00:aa:bb:cc", source: "get_system_info.cgi", lastSeenAtMs: 1000 });
  });

  it.each([
    ["zynq7007_HHB68XXX", "", "zynq"],
    ["BBCtrl_BHB42XXX", "", "beaglebone"],
    ["AMLCtrl_BHB42601", "", "amlogic"],
    ["CVCtrl_H6HB70701", "", "cvitek"],
    ["", "Linux 4.6.0-xilinx-gff8137b-dirty #25", "zynq"],
    ["", "Linux 4.9.113 #1 SMP", "amlogic"],
    ["", "Linux 5.4.1", null],
    ["Other_1", "", null],
  ])("reads the control board of subtype %s and kernel %s as %s", (subtype, kernel, expected) => {
    expect(webFactsOf({ system_kernel_version: kernel }, { subtype }, 0).controlBoard).toBe(expected);
  });

  it("takes what says nothing for nothing", () => {
    expect(webFactsOf({ macaddr: "00:00:00:00:00:00", serinum: "N/A", hostname: " " }, null, 0)).toEqual({
      mac: null,
      serial: null,
      hostname: null,
      controlBoard: null,
      evidence: [],
    });
  });
});
