// silent.ts FIRST_ADDRESS COUNT PORT: listens with the shortest backlog and then stops itself. Once the backlog is full the kernel drops what comes:
// the nearest to an address without a machine that loopback has.
import { once } from "node:events";
import { createServer } from "node:net";
import { onWord, tell } from "../child.ts";
import { addressAfter } from "../emulated.ts";

const [firstAddress = "", count, port] = process.argv.slice(2);
for (let index = 0; index < Number(count); index++) {
  const server = createServer();
  await once(server.listen({ host: addressAfter(firstAddress, index), port: Number(port), backlog: 1 }), "listening");
}
onWord(() => undefined);
tell({ ready: true });
setTimeout(() => process.kill(process.pid, "SIGSTOP"), 100);
