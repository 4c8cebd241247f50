import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import type { Place } from "./endpoints.ts";
import { EmulatorError } from "./endpoints.ts";

/** What to send back for the first bytes of a connection, and how. */
export type Reply =
  | { readonly kind: "send"; readonly text: string; readonly delayMs: number } // then close
  | { readonly kind: "close" } // without a byte
  | { readonly kind: "hang" };

/** The miner gives a reader this long to take the whole answer, then closes: what has not gone out is cut. */
const SLOW_READER_MS = 50;
/** Both programs read a request with one receive of this many bytes. */
const REQUEST_BYTES = 4095;

/**
 * One listening socket per miner: one request per connection, answer, NUL, close, as the firmware does. Listens only where it is told to;
 * a closed door refuses connections, an open one takes them.
 */
export class Door {
  readonly index: number;
  place: Place;
  readonly #answer: (index: number, request: string) => Reply;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(index: number, place: Place, answer: (index: number, request: string) => Reply) {
    this.index = index;
    this.place = place;
    this.#answer = answer;
  }

  /** Starts to listen; resolves with the port. Rejects with EmulatorError naming the address. */
  async open(): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.#take(socket));
    this.#server = server;
    const { address, port } = this.place;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause: NodeJS.ErrnoException) => {
        this.#server = null;
        reject(new EmulatorError(`Cannot listen on ${address}:${port}: ${reasonOf(cause)}`, { cause }));
      });
      server.listen({ host: address, port, backlog: 128 }, resolve);
    });
    const bound = server.address();
    if (typeof bound === "object" && bound !== null) this.place = { address, port: bound.port };
    return this.place.port;
  }

  /** Stops listening and drops what is connected. Idempotent. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.dropAll();
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  get isOpen(): boolean {
    return this.#server !== null;
  }

  /** Ends every connection at once, as a machine that restarts does. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", ignore);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.once("data", (bytes) => this.#reply(socket, this.#answer(this.index, bytes.toString("latin1", 0, REQUEST_BYTES))));
  }

  #reply(socket: Socket, reply: Reply): void {
    switch (reply.kind) {
      case "hang":
        return;
      case "close":
        socket.destroy();
        return;
      case "send":
        if (reply.delayMs > 0) setTimeout(() => send(socket, reply.text), reply.delayMs).unref();
        else send(socket, reply.text);
    }
  }
}

/** Writes, and closes once the bytes are with the kernel: no shutdown, no wait for the other side, exactly as cgminer does. */
function send(socket: Socket, text: string): void {
  if (socket.destroyed) return;
  socket.write(text, "latin1");
  if (socket.writableLength === 0) socket.destroy();
  else {
    const cut = setTimeout(() => socket.destroy(), SLOW_READER_MS);
    socket.once("drain", () => {
      clearTimeout(cut);
      socket.destroy();
    });
  }
}

function ignore(): void {
  // A client that goes away early is its own affair.
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "EADDRINUSE") return "the address is in use; choose another --port or --address";
  if (error.code === "EACCES") return "ports below 1024 need rights this user lacks; choose another port";
  if (error.code === "EMFILE") return "too many open files; raise the limit with ulimit -n or emulate fewer miners";
  return error.message;
}
