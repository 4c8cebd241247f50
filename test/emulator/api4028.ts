import type { Socket } from "node:net";
import type { EmulatorClock } from "./clock.ts";

/** What to send back for the first bytes of a connection, and how. */
export type Reply =
  | { readonly kind: "send"; readonly text: string; readonly delayMs: number } // then close
  | { readonly kind: "close" } // without a byte
  | { readonly kind: "hang" };

/** The miner gives a reader this long to take the whole answer, then closes: what has not gone out is cut. */
const SLOW_READER_MS = 50;
/** Both programs read a request with one receive of this many bytes. */
const REQUEST_BYTES = 4095;

/** Serves one connection as the firmware does: one receive, one answer, close. */
export function serveApi(socket: Socket, answer: (request: string) => Reply, clock: Pick<EmulatorClock, "after">): void {
  socket.once("data", (bytes) => {
    const reply = answer(bytes.toString("latin1", 0, REQUEST_BYTES));
    if (reply.kind === "hang") return;
    if (reply.kind === "close") socket.destroy();
    else if (reply.delayMs > 0) clock.after(reply.delayMs, () => send(socket, reply.text, clock));
    else send(socket, reply.text, clock);
  });
}

/** Writes, and closes once the bytes are with the kernel: no shutdown, no wait for the other side, exactly as cgminer does. */
function send(socket: Socket, text: string, clock: Pick<EmulatorClock, "after">): void {
  if (socket.destroyed) return;
  socket.write(text, "latin1");
  if (socket.writableLength === 0) {
    socket.destroy();
    return;
  }
  const cancelCut = clock.after(SLOW_READER_MS, () => socket.destroy());
  socket.once("drain", () => {
    cancelCut();
    socket.destroy();
  });
}
