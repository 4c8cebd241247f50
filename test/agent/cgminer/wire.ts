import { createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP server on a free loopback port that hands each connection's first request to `answer`. */
export interface Wire {
  readonly port: number;
  readonly requests: string[];
  close(): Promise<void>;
}

export async function openWire(answer: (socket: Socket, request: string) => void): Promise<Wire> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.once("data", (data) => {
      requests.push(data.toString());
      answer(socket, data.toString());
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}

/** A port on which nothing listens any more. */
export async function closedPort(): Promise<number> {
  const wire = await openWire(() => undefined);
  await wire.close();
  return wire.port;
}
