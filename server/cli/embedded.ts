import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { embeddedAgentConfig, type AgentConfig } from "../../agent/config.ts";
import type { EmbeddedLink } from "../main.ts";
import type { RawSettings } from "./command.ts";

const STOP_LIMIT_MS = 7000;
const RESTART_MS = 5000;

/** Starts the embedded agent on a thread of its own and starts it again should it fail; resolves with what stops it in order. */
export function embeddedAgent(settings: RawSettings, log: Logger): (link: EmbeddedLink) => Promise<() => Promise<void>> {
  return (link) => {
    const config = embeddedAgentConfig(settings, link);
    let stopping = false;
    let restart: NodeJS.Timeout | undefined;
    let worker = startWorker(config);
    const watch = (started: Worker) => {
      started.on("error", (err) => log.error({ err }, "the embedded agent failed"));
      started.on("exit", () => {
        if (stopping) return;
        log.error({ restartMs: RESTART_MS }, "the embedded agent ended and is started again");
        restart = setTimeout(() => watch((worker = startWorker(config))), RESTART_MS);
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

function startWorker(config: AgentConfig): Worker {
  return new Worker(new URL("../../agent/worker.js", import.meta.url), { workerData: config });
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return; // ended already
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  const limit = setTimeout(() => void worker.terminate(), STOP_LIMIT_MS);
  worker.postMessage("close");
  await ended;
  clearTimeout(limit);
}
