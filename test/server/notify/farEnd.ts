import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { onTestFinished } from "vitest";
import type { WebhookBody } from "../../../server/contract/channels.ts";

interface Got {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A far end on loopback that keeps what it gets and answers as it is told. */
export class FarEnd {
  readonly got: Got[] = [];
  status = 200;
  answer = "";
  headers: Record<string, string> = {};
  /** What a request waits for before it is answered. */
  until: Promise<void> = Promise.resolve();
  readonly #server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      this.got.push({ method: request.method, url: request.url, headers: request.headers, body });
      void this.until.then(() => response.writeHead(this.status, this.headers).end(this.answer));
    });
  });
  url = "";

  static async open(fields: Partial<Pick<FarEnd, "status" | "answer" | "headers">> = {}): Promise<FarEnd> {
    const farEnd = Object.assign(new FarEnd(), fields);
    farEnd.url = `http://127.0.0.1:${await portOf(farEnd.#server)}`;
    onTestFinished(() => farEnd.#server.closeAllConnections());
    return farEnd;
  }

  /** Bodies that came to a webhook, in order. */
  bodies(): WebhookBody[] {
    return this.got.map(({ body }) => JSON.parse(body) as WebhookBody);
  }

  /** What was told, in order: "opened i1". */
  told(): string[] {
    return this.bodies().map(({ event, incident }) => [event, ...(incident === null ? [] : [incident.id])].join(" "));
  }

  keys(): (string | undefined)[] {
    return this.got.map(({ headers }) => headers["idempotency-key"] as string | undefined);
  }
}

/** The port of a server that listens on loopback until the test ends. */
export async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}
