import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import type { Place } from "./endpoints.ts";
import { EmulatorError } from "./endpoints.ts";

/**
 * One listening socket of one miner. A closed door refuses connections, as a machine does on whose port nothing listens; opening and closing
 * happen in the order in which they were asked for.
 */
export class Door {
  #place: Place;
  readonly #take: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(place: Place, take: (socket: Socket) => void) {
    this.#place = place;
    this.#take = take;
  }

  /** Where it listens, or would; the port is the real one once it has been open. */
  get place(): Place {
    return this.#place;
  }

  /** Opens or closes it, and drops what is connected when it closes. Rejects with EmulatorError naming the place. Idempotent. */
  set(open: boolean): Promise<void> {
    return this.#queue(() => (open ? this.#open() : this.#close()));
  }

  /** Listens at another place from now on, if it was open. */
  move(place: Place): Promise<void> {
    return this.#queue(async () => {
      const wasOpen = this.#server !== null;
      await this.#close();
      this.#place = place;
      if (wasOpen) await this.#open();
    });
  }

  #queue(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(step);
    this.#work = done.catch(ignore); // the caller of this step learns of it, the next step goes on
    return done;
  }

  async #open(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    const { address, port } = this.#place;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause: NodeJS.ErrnoException) =>
        reject(new EmulatorError(`Cannot listen on ${address}:${port}: ${reasonOf(cause)}`, { cause })),
      );
      server.listen({ host: address, port, backlog: 128 }, resolve);
    });
    this.#server = server;
    const bound = server.address();
    if (typeof bound === "object" && bound !== null) this.#place = { address, port: bound.port };
  }

  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", ignore); // a client that goes away early is its own affair
    socket.on("close", () => this.#sockets.delete(socket));
    this.#take(socket);
  }
}

function ignore(): void {
  // Nothing is left to do.
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "EADDRINUSE") return "the address is in use; choose another port or address";
  if (error.code === "EACCES") return "ports below 1024 need rights this user lacks; choose another port";
  if (error.code === "EMFILE") return "too many open files; raise the limit with ulimit -n or emulate fewer miners";
  return error.message;
}
