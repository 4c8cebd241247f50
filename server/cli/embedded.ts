import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { embeddedAgentConfig } from "../../agent/config.ts";
import type { EmbeddedLink } from "../main.ts";
import type { RawSettings } from "./command.ts";

const STOP_LIMIT_MS = 7000;
/**
 * Heap that the agent starts with, in MiB; twice as much after it ran out, up to the last. The less it may have, the sooner V8 collects: without a
 * limit 10,000 miners took 950 MB of the whole process after three minutes, mostly garbage, with this one 740.
 */
const FIRST_HEAP_MB = 768;
const LAST_HEAP_MB = 12_288;

interface Thread {
  entry: URL;
  firstHeapMb: number;
  restartMs: number;
}
const AGENT_THREAD: Thread = {
  entry: new URL("../../agent/worker.js", import.meta.url),
  firstHeapMb: FIRST_HEAP_MB,
  restartMs: 5000,
};

/** Starts the embedded agent on a thread of its own and starts it again should it fail; resolves with what stops it in order. */
export function embeddedAgent(
  settings: RawSettings,
  log: Logger,
  { entry, firstHeapMb, restartMs }: Thread = AGENT_THREAD,
): (link: EmbeddedLink) => Promise<() => Promise<void>> {
  return (link) => {
    const config = embeddedAgentConfig(settings, link);
    let stopping = false;
    let restart: NodeJS.Timeout | undefined;
    let heapMb = firstHeapMb;
    const start = () => new Worker(entry, { workerData: config, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    let worker = start();
    const watch = (started: Worker) => {
      started.on("error", (err) => {
        if ("code" in err && err.code === "ERR_WORKER_OUT_OF_MEMORY") heapMb = Math.min(2 * heapMb, LAST_HEAP_MB);
        log.error({ err, heapMb }, "the embedded agent failed");
      });
      started.on("exit", () => {
        if (stopping) return;
        log.error({ restartMs }, "the embedded agent ended and is started again");
        restart = setTimeout(() => watch((worker = start())), restartMs);
      });
    };
    watch(worker);
    return Promise.resolve(async () => {
      stopping = true;
      clearTimeout(restart);
      await stopWorker(worker);
    });
  };
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return; // ended already
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  const limit = setTimeout(() => void worker.terminate(), STOP_LIMIT_MS);
  worker.postMessage("close");
  await ended;
  clearTimeout(limit);
}
