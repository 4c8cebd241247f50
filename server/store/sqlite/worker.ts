import { parentPort, workerData } from "node:worker_threads";
import { answer, type Request, type WorkerSetup } from "./calls.ts";
import { storeErrorOf } from "./database.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** Entry of a store thread: a writer or a reader by `workerData`. Answers each request by its id; says `ready` once the database is open. */
const setup = workerData as WorkerSetup;
const port = parentPort;
if (port === null) throw new TypeError("This file is the entry of a worker thread");

try {
  const onForeignChange = () => port.postMessage({ type: "foreignChange" });
  const target =
    setup.role === "writer" ? new Writer({ dataDir: setup.dataDir, now: () => Date.now(), onForeignChange }) : new Reader(setup);
  port.on("message", (request: Request) => {
    void answer(target, request, (error) => storeErrorOf(error, setup.dataDir)).then((reply) => {
      port.postMessage(reply);
      if (request.name === "close") port.close();
    });
  });
  port.postMessage({ type: "ready" });
} catch (error) {
  const cause = storeErrorOf(error, setup.dataDir);
  port.postMessage({ type: "failed", message: cause instanceof Error ? cause.message : String(cause) });
  port.close();
}
