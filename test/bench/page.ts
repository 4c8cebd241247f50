import { io, type Socket } from "socket.io-client";
import { decodeSnapshot } from "../../server/contract/packed.ts";

/** One socket client that subscribes as the page does, and counts what comes over its TCP connection, framing included. */
export interface Page {
  readonly snapshotBytes: number;
  readonly rowCount: number;
  receivedBytes(): number;
  deltaCount(): number;
  close(): void;
}

const LIMIT_MS = 30_000;

/** `heard` gets each delta as it came. */
export async function openPage(
  { base, cookie }: { base: string; cookie: string },
  heard: (delta: Uint8Array) => void = () => undefined,
): Promise<Page> {
  const socket = io(`${base}/live`, { transports: ["websocket"], forceNew: true, extraHeaders: { cookie, origin: base } });
  let deltas = 0;
  socket.on("delta", (delta: ArrayBuffer) => {
    deltas++;
    heard(new Uint8Array(delta));
  });
  await eventOf(socket, "connect");
  const before = bytesRead(socket);
  const snapshot = eventOf<ArrayBuffer>(socket, "snapshot");
  socket.emit("subscribe", { scope: {}, columns: [] });
  const { keys } = decodeSnapshot(new Uint8Array(await snapshot));
  const snapshotBytes = bytesRead(socket) - before;
  return {
    snapshotBytes,
    rowCount: keys.length,
    receivedBytes: () => bytesRead(socket),
    deltaCount: () => deltas,
    close: () => void socket.close(),
  };
}

function eventOf<T>(socket: Socket, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The live stream gave no ${name} within ${LIMIT_MS} ms`)), LIMIT_MS);
    socket.once(name, (value: T) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** Of the TCP connection beneath, which the client keeps inside. */
function bytesRead(socket: Socket): number {
  const { transport } = socket.io.engine as unknown as { transport: { ws: { _socket: { bytesRead: number } } } };
  return transport.ws._socket.bytesRead;
}
