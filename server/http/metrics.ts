import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { STATUSES } from "../contract/status.ts";
import type { PollFailure } from "../contract/sample.ts";
import type { Directory } from "../fleet/directory.ts";
import type { AgentLinkPort, FleetPort } from "../fleet/ports.ts";

/** What the server counts about itself. The counting methods are cheap enough for every sample. */
export interface Metrics {
  /** A poll that an agent reported: a sample, or the failure's word. */
  countPoll(result: "ok" | PollFailure, durationMs: number): void;
  countSamples(result: "stored" | "duplicate" | "dropped" | "refused", count: number): void;
  /** Prometheus text, read now. */
  read(): Promise<{ contentType: string; text: string }>;
  close(): void;
}

export interface MetricsDeps {
  readonly fleet: Pick<FleetPort, "totals">;
  readonly directory: Pick<Directory, "agents">;
  readonly agentLink: Pick<AgentLinkPort, "describe">;
  readonly clock: () => number;
}

const POLL_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

/** Opens the metrics; ends with close(), which stops the watch on the event loop. */
export function openMetrics({ fleet, directory, agentLink, clock }: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const polls = new Counter({ name: "hashwatch_polls_total", help: "Polls reported by agents", labelNames: ["result"], registers });
  const durations = new Histogram({
    name: "hashwatch_poll_duration_seconds",
    help: "Time from connecting to the whole reply, or to the verdict",
    buckets: POLL_BUCKETS_S,
    registers,
  });
  const samples = new Counter({
    name: "hashwatch_samples_total",
    help: "Samples by what became of them",
    labelNames: ["result"],
    registers,
  });

  const miners = new Gauge({ name: "hashwatch_miners", help: "Miners by status", labelNames: ["status"], registers });
  const hashrate = new Gauge({ name: "hashwatch_hashrate_hs", help: "SHA-256d hashrate of the miners that report, H/s", registers });
  const late = new Gauge({
    name: "hashwatch_poll_late_seconds",
    help: "Most that a poll of the last minute started after it was due",
    registers,
  });
  const outbox = new Gauge({ name: "hashwatch_outbox_samples", help: "Samples that agents hold until they are acknowledged", registers });
  const loop = new Gauge({
    name: "hashwatch_event_loop_delay_seconds",
    help: "Delay of the event loop since the last scrape",
    labelNames: ["quantile"],
    registers,
  });

  function collect(): void {
    const nowMs = clock();
    const totals = fleet.totals(nowMs);
    for (const status of STATUSES) miners.set({ status }, totals.statusCounts[status]);
    hashrate.set(totals.hashrateHs);
    const stats = directory.agents().flatMap((agent) => agentLink.describe(agent, nowMs).stats ?? []);
    late.set(Math.max(0, ...stats.map((each) => each.lateMsMax)) / 1000);
    outbox.set(stats.reduce((sum, each) => sum + each.outboxSampleCount, 0));
    for (const quantile of [50, 99, 99.9]) loop.set({ quantile: String(quantile / 100) }, delay.percentile(quantile) / 1e9);
    delay.reset();
  }

  return {
    countPoll(result, durationMs) {
      polls.inc({ result });
      durations.observe(durationMs / 1000);
    },
    countSamples: (result, count) => samples.inc({ result }, count),
    async read() {
      collect();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
    close: () => void delay.disable(),
  };
}
