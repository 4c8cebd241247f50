// served.ts DIR OFFSET_MS ADMIN_PASSWORD: the built server without an embedded agent, its clock moved by OFFSET_MS. Tells {url}; "reset" begins to watch its
// event loop anew, "read" tells {p999Ms, maxMs, p50Ms}, "held" tells {mb} of what lives on its main thread.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pino } from "pino";
import { built } from "../built.ts";
import { onWord, tell } from "../child.ts";
import { heldMb } from "../held.ts";

const RESOLUTION_MS = 5;

const [dataDir = "", offsetMs, password = ""] = process.argv.slice(2);
const { startServer } = await built<typeof import("../../../server/main.ts")>("server/main");
const { systemClock } = await built<typeof import("../../../server/clock.ts")>("server/clock");
const { serverConfig } = await built<typeof import("../../../server/config.ts")>("server/config");
const config = serverConfig({ "data-dir": dataDir, port: "0", "admin-password": password, "no-embedded-agent": true });
const log = pino({ level: "warn" }, pino.destination({ dest: 2, sync: true }));
const server = await startServer(config, { log, webDir: null, clock: { ...systemClock, nowMs: () => Date.now() + Number(offsetMs) } });
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
onWord((word) => {
  if (word === "reset") delay.reset();
  else if (word === "held") tell({ mb: heldMb() });
  else tell({ p999Ms: late(delay.percentile(99.9)), maxMs: late(delay.max), p50Ms: late(delay.percentile(50)) });
});
tell({ url: server.url });

/** The histogram holds the time between two ticks; what is beyond their distance is delay. */
function late(ns: number): number {
  return Math.max(0, ns / 1e6 - RESOLUTION_MS);
}
