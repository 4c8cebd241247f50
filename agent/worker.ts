import { parentPort, workerData } from "node:worker_threads";
import type { AgentConfig } from "./config.ts";
import { createAgentLog, startAgent } from "./main.ts";

/**
 * The agent inside a server's process, on a thread of its own. `workerData` is an AgentConfig; the message "close" stops it in order, after which the
 * thread ends with exit code 0.
 */
const config = workerData as AgentConfig;
const log = createAgentLog(config.logLevel);
const agent = await startAgent(config, { log });
parentPort?.on("message", (message: unknown) => {
  if (message === "close") void agent.close().finally(() => parentPort?.close());
});
