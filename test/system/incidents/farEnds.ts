import { createHmac } from "node:crypto";
import { createServer as createHttpServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import type { WebhookBody } from "../../../server/contract/channels.ts";

/** What a far end was sent. */
export interface Received {
  readonly atMs: number; // by the clock of the test
  readonly headers: IncomingHttpHeaders;
  readonly body: WebhookBody;
  readonly key: string; // Idempotency-Key
  readonly status: number; // how it was answered
}

/** A real HTTP server that keeps what is posted to it, and answers as it is told. */
export class HookEnd {
  static readonly SIGNING_KEY = "a key that both sides know";
  /** All attempts, the refused ones too. */
  readonly attempts: Received[] = [];
  status = 200;
  /** Takes what comes, and never answers. */
  isMute = false;
  readonly #server = createHttpServer();
  readonly #nowMs: () => number;

  private constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  static async open(nowMs: () => number): Promise<HookEnd> {
    const end = new HookEnd(nowMs);
    end.#server.on("request", (request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        end.#take(request.headers, text);
        if (!end.isMute) response.writeHead(end.status, { connection: "close" }).end("seen");
      });
    });
    await new Promise<void>((resolve) => end.#server.listen(0, "127.0.0.1", resolve));
    return end;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** What it took, in order. */
  get got(): Received[] {
    return this.attempts.filter(({ status }) => status < 300);
  }

  /** What people read: "opened rack A02", "summary". */
  get told(): string[] {
    return this.got.map(({ body: { event, incident } }) =>
      incident === null ? event : `${event} ${incident.scope.kind} ${incident.scope.name}`,
    );
  }

  #take(headers: IncomingHttpHeaders, text: string): void {
    const [, seconds = "", signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["hashwatch-signature"])) ?? [];
    if (signature !== createHmac("sha256", HookEnd.SIGNING_KEY).update(`${seconds}.${text}`).digest("hex"))
      throw new Error(`The signature does not fit: ${String(headers["hashwatch-signature"])}`);
    const body = JSON.parse(text) as WebhookBody;
    this.attempts.push({ atMs: this.#nowMs(), headers, body, key: String(headers["idempotency-key"]), status: this.status });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A mail as it came in. */
export interface Mail {
  readonly atMs: number;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string; // all of it, headers included
}

/** A real SMTP server, as much of one as is needed to take mail in the clear. */
export class MailEnd {
  readonly mails: Mail[] = [];
  /** Takes what comes, and never says so. */
  isMute = false;
  readonly #server = createTcpServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #nowMs: () => number;

  private constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  static async open(nowMs: () => number): Promise<MailEnd> {
    const end = new MailEnd(nowMs);
    await new Promise<void>((resolve) => end.#server.listen(0, "127.0.0.1", resolve));
    return end;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let waiting = "";
    let to: string[] = [];
    let isData = false;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const command = (line: string): void => {
      const word = line.slice(0, 4).toUpperCase();
      if (word === "RCPT") to.push(/<(.*)>/.exec(line)?.[1] ?? "");
      if (word === "DATA") isData = true;
      say(word === "DATA" ? "354 go on" : word === "QUIT" ? "221 bye" : "250 ok");
      if (word === "QUIT") socket.end();
    };
    const take = (text: string): void => {
      const [head] = text.split("\r\n\r\n", 1);
      const unfolded = head.replaceAll(/\r\n[ \t]+/g, " ");
      this.mails.push({ atMs: this.#nowMs(), to, subject: /^Subject: (.*)$/m.exec(unfolded)?.[1].trim() ?? "", text });
      [to, isData] = [[], false];
      if (!this.isMute) say("250 taken");
    };
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      waiting += chunk;
      for (let end = waiting.indexOf(isData ? "\r\n.\r\n" : "\r\n"); end >= 0; end = waiting.indexOf(isData ? "\r\n.\r\n" : "\r\n")) {
        const part = waiting.slice(0, end);
        waiting = waiting.slice(end + (isData ? 5 : 2));
        (isData ? take : command)(part);
      }
    });
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    say("220 far end");
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
