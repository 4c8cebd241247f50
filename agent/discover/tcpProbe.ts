import { connect } from "node:net";
import { systemClock, type Clock } from "../clock.ts";
import type { Endpoint } from "../poll/ports.ts";

/** open: takes connections. refused: a machine is there, nothing listens. silent: no answer in time. noRoute: the network says no. */
export type ProbeResult = "open" | "refused" | "silent" | "noRoute";

/** Opens a connection and closes it at once without a byte; resolves with what was seen, never rejects. An abort counts as silent. */
export function probeTcp(
  { address, port }: Endpoint,
  { timeoutMs, signal, clock = systemClock }: { timeoutMs: number; signal: AbortSignal; clock?: Pick<Clock, "after"> },
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve("silent");
      return;
    }
    const socket = connect({ host: address, port, autoSelectFamily: false });
    const settle = (result: ProbeResult): void => {
      cancel();
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => settle("silent");
    const cancel = clock.after(timeoutMs, () => settle("silent"));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("connect", () => settle("open"));
    socket.on("error", (error: NodeJS.ErrnoException) => settle(probeResultOf(error.code)));
  });
}

function probeResultOf(code: string | undefined): ProbeResult {
  if (code === "ECONNREFUSED" || code === "ECONNRESET") return "refused";
  return code === "ETIMEDOUT" ? "silent" : "noRoute";
}
