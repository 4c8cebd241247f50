import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import type { Machine } from "./machine.ts";

// The web API of stock firmware, as far as a monitor reads it: two CGI scripts behind HTTP digest. Everything else answers 404, without sign-in 401.

const REALM = "antMiner Configuration";
const USERNAME = "root";
const PASSWORD = "root";

/** Takes connections that arrived for a machine and speaks HTTP on them. */
export interface WebApi {
  serve(socket: Socket, machine: Machine): void;
  close(): void;
}

/** One HTTP parser for all machines; each connection knows whose it is. */
export function createWebApi(): WebApi {
  const machines = new WeakMap<Socket, Machine>();
  const nonce = randomBytes(16).toString("hex");
  const server = createServer({ keepAliveTimeout: 5000 }, (request, response) => {
    const machine = machines.get(request.socket);
    if (machine === undefined) request.socket.destroy();
    else respond(request, response, { machine, nonce });
  });
  return {
    serve(socket, machine) {
      machines.set(socket, machine);
      server.emit("connection", socket);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function respond(request: IncomingMessage, response: ServerResponse, { machine, nonce }: { machine: Machine; nonce: string }): void {
  request.resume();
  if (!isSignedIn(request, nonce)) {
    response.writeHead(401, { "WWW-Authenticate": `Digest realm="${REALM}", nonce="${nonce}", qop="auth"`, "Content-Type": "text/html" });
    response.end("<html><body><h1>401 Unauthorized</h1></body></html>\n");
    return;
  }
  const body = request.method === "GET" ? bodyOf((request.url ?? "").split("?")[0], machine) : null;
  if (body === null) {
    response.writeHead(404, { "Content-Type": "text/html" });
    response.end("<html><body><h1>404 Not Found</h1></body></html>\n");
    return;
  }
  // The scripts print an empty line too many before their body, and do not call it JSON.
  response.writeHead(200, { "Content-Type": "text/html" });
  response.end(`\n${body}\n`);
}

function bodyOf(path: string, machine: Machine): string | null {
  if (path === "/cgi-bin/get_system_info.cgi") return systemInfo(machine);
  // The script came with the rewrite of 2020; older images do not have it.
  if (path === "/cgi-bin/miner_type.cgi" && machine.profile.dialect === "bitmain2020") return minerType(machine);
  return null;
}

function systemInfo(machine: Machine): string {
  const { profile, compileTime } = machine;
  const pairs: readonly (readonly [string, string])[] = [
    ["minertype", profile.type],
    ["nettype", "DHCP"],
    ["netdevice", "eth0"],
    ["macaddr", machine.mac],
    ["hostname", "Antminer"],
    ["ipaddress", machine.address],
    ["netmask", "255.0.0.0"],
    ["gateway", ""],
    ["dnsservers", ""],
    ["system_mode", "GNU/Linux"],
    ["system_kernel_version", profile.kernel],
    ["system_filesystem_version", compileTime],
    ["firmware_type", "Release"],
    ["serinum", machine.serial],
  ];
  return printed(profile.dialect === "bitmain2020" ? pairs : pairs.slice(0, -2));
}

function minerType({ profile, compileTime }: Machine): string {
  return printed([
    ["miner_type", profile.type],
    ["subtype", profile.subtype],
    ["fw_version", compileTime],
  ]);
}

function printed(pairs: readonly (readonly [string, string])[]): string {
  return `{\n${pairs.map(([key, value]) => `"${key}":"${value}"`).join(",\n")}\n}`;
}

/** HTTP digest with MD5 and qop=auth (RFC 7616), root/root as shipped. */
function isSignedIn(request: IncomingMessage, nonce: string): boolean {
  const header = request.headers.authorization ?? "";
  if (!header.startsWith("Digest ")) return false;
  const fields = new Map<string, string>();
  for (const [, key, value] of header.matchAll(/(\w+)=("[^"]*"|[^\s,]+)/g)) fields.set(key, value.replaceAll('"', ""));
  const field = (name: string): string => fields.get(name) ?? "";
  if (field("username") !== USERNAME || field("realm") !== REALM || field("nonce") !== nonce || field("uri") !== request.url) return false;
  const ha1 = md5(`${USERNAME}:${REALM}:${PASSWORD}`);
  const ha2 = md5(`${request.method ?? ""}:${field("uri")}`);
  const middle = field("qop") === "" ? field("nonce") : `${field("nonce")}:${field("nc")}:${field("cnonce")}:${field("qop")}`;
  return field("response") === md5(`${ha1}:${middle}:${ha2}`);
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
