// browsers.ts BASE COOKIE COUNT: socket clients that subscribe as the page does. Tells {ready} once each has its snapshot, and per word {bytes, deltas}.
import { io, type Socket } from "socket.io-client";
import { onWord, tell } from "../child.ts";

const [base = "", cookie = "", count] = process.argv.slice(2);
let deltas = 0;
const sockets = Array.from({ length: Number(count) }, () =>
  io(`${base}/live`, { transports: ["websocket"], forceNew: true, extraHeaders: { cookie, origin: base } }),
);
onWord(() => tell({ deltas }));
await Promise.all(sockets.map(hasSnapshot));
tell({ ready: true });

function hasSnapshot(socket: Socket): Promise<void> {
  socket.on("delta", () => deltas++);
  socket.on("connect", () => socket.emit("subscribe", { scope: {}, columns: [] }));
  return new Promise((resolve) => socket.once("snapshot", () => resolve()));
}
