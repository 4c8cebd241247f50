import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../agent/clock.ts";
import { AllowList } from "../../../agent/discover/allowList.ts";
import { Discovery } from "../../../agent/discover/discovery.ts";
import { parseRange } from "../../../agent/discover/ranges.ts";
import type { ProbeResult } from "../../../agent/discover/tcpProbe.ts";
import { until } from "../support/until.ts";

/** A network in which nothing ever answers: a probe ends with its signal, or when `answerAll` says so. */
function silentNetwork() {
  const probed: string[] = [];
  let answering = false;
  const discovery = new Discovery([], {
    allowList: new AllowList({ ranges: [parseRange("10.0.0.0/8")], ports: [4028], onRefusal: () => undefined }),
    connectTimeoutMs: 60_000,
    replyTimeoutMs: 60_000,
    probe({ address }, { signal }) {
      probed.push(address);
      if (answering || signal.aborted) return Promise.resolve<ProbeResult>("silent");
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve("silent"), { once: true }));
    },
    createPoller() {
      throw new TypeError("Nothing takes a connection here");
    },
    isPolled: () => false,
    onFound: () => undefined,
    onScope: () => undefined,
    clock: systemClock,
    log: pino({ level: "silent" }),
  });
  onTestFinished(() => discovery.close());
  return { discovery, probed, answerAll: () => (answering = true) };
}

describe("Discovery", () => {
  it("lets a scan of all ranges that somebody waits for take the place of the one in the background", async () => {
    const { discovery, probed, answerAll } = silentNetwork();
    discovery.setRanges(["10.0.0.0/30"]);
    await until("a scan in the background", () => probed.length === 4);
    answerAll();
    const result = await discovery.scan(null, { onProgress: () => undefined, signal: new AbortController().signal });
    expect(result).toMatchObject({ totalCount: 4, probedCount: 4, failureCounts: { timeout: 4 } });
  });
});
