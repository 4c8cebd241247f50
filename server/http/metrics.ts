import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Registry } from "prom-client";
import { STATUSES } from "../contract/status.ts";
import type { Alerts } from "../alerts/alerts.ts";
import type { Directory } from "../fleet/directory.ts";
import type { AgentLinkPort, FleetPort } from "../fleet/ports.ts";
import { POLL_SECONDS_BUCKETS, type IngestCounters } from "../ingest/counters.ts";
import type { Notifications } from "../notify/notifications.ts";

/** What GET /metrics shows, read when it is asked for. */
export interface Metrics {
  /** Prometheus text as of now. */
  read(): Promise<{ contentType: string; text: string }>;
  /** Stops the watch on the event loop. */
  close(): void;
}

export interface MetricsDeps {
  readonly fleet: Pick<FleetPort, "totals">;
  readonly directory: Pick<Directory, "agents">;
  readonly alerts: Pick<Alerts, "engine" | "incidents">;
  readonly notifications: Pick<Notifications, "book" | "counters" | "heartbeat">;
  readonly agentLink: Pick<AgentLinkPort, "describe">;
  /** What ingest has counted since the start. */
  readonly counters: IngestCounters;
  /** Epoch ms. */
  readonly clock: () => number;
}

/** Opens the metrics of a server; ends with close(). */
export function openMetrics({ fleet, directory, alerts, notifications, agentLink, counters, clock }: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const polls = new Counter({ name: "hashwatch_polls_total", help: "Polls reported by agents", labelNames: ["result"], registers });
  const samples = new Counter({
    name: "hashwatch_samples_total",
    help: "Samples by what became of them",
    labelNames: ["result"],
    registers,
  });
  const cutOff = new Counter({
    name: "hashwatch_agents_cut_off_total",
    help: "Agent connections ended or turned away",
    labelNames: ["reason"],
    registers,
  });
  const miners = new Gauge({ name: "hashwatch_miners", help: "Miners by status", labelNames: ["status"], registers });
  const hashrate = new Gauge({ name: "hashwatch_hashrate_hs", help: "SHA-256d hashrate of the miners that report, H/s", registers });
  const alertGauge = new Gauge({ name: "hashwatch_alerts", help: "Alerts by state", labelNames: ["state"], registers });
  const incidentGauge = new Gauge({ name: "hashwatch_incidents", help: "Incidents by state", labelNames: ["state"], registers });
  const evaluationSeconds = new Counter({
    name: "hashwatch_alert_evaluation_seconds_total",
    help: "Time spent looking at what changed for alerts",
    registers,
  });
  const evaluations = new Counter({ name: "hashwatch_alert_evaluations_total", help: "Times that what changed was looked at", registers });
  const notified = openNotificationMetrics(registers);
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
    for (const [state, count] of Object.entries(alerts.engine.countByState())) alertGauge.set({ state }, count);
    for (const [state, count] of Object.entries(alerts.incidents.countByState())) incidentGauge.set({ state }, count);
    showCount(evaluationSeconds, alerts.engine.counters.seconds);
    showCount(evaluations, alerts.engine.counters.count);
    notified.collect(notifications);
    const stats = directory.agents().flatMap((agent) => agentLink.describe(agent, nowMs).stats ?? []);
    late.set(Math.max(0, ...stats.map((each) => each.lateMsMax)) / 1000);
    outbox.set(stats.reduce((sum, each) => sum + each.outboxSampleCount, 0));
    for (const quantile of ["0.5", "0.99", "0.999"]) loop.set({ quantile }, delay.percentile(Number(quantile) * 100) / 1e9);
    delay.reset();
    copyCounts(polls, "result", counters.polls);
    copyCounts(samples, "result", counters.samples);
    copyCounts(cutOff, "reason", counters.cutOff);
  }

  return {
    async read() {
      collect();
      return { contentType: registry.contentType, text: (await registry.metrics()) + durationText(counters) };
    },
    close: () => void delay.disable(),
  };
}

/** Messages by what became of them, and the heartbeat. */
function openNotificationMetrics(registers: Registry[]): { collect(notifications: MetricsDeps["notifications"]): void } {
  const deliveries = new Counter({
    name: "hashwatch_deliveries_total",
    help: "Messages to channels and attempts at them, by what became of them",
    labelNames: ["channel", "result"],
    registers,
  });
  const parts = new Gauge({
    name: "hashwatch_part_alive",
    help: "1 while the part is alive that the heartbeat rests on",
    labelNames: ["part"],
    registers,
  });
  const pings = new Counter({
    name: "hashwatch_heartbeat_pings_total",
    help: "Pings by how they ended; withheld: a part was down",
    labelNames: ["result"],
    registers,
  });
  return {
    collect({ book, counters, heartbeat }) {
      deliveries.reset();
      for (const { channelId, result, count } of counters.all())
        deliveries.inc({ channel: book.channel(channelId)?.name ?? channelId, result }, count);
      for (const [part, { alive }] of Object.entries(heartbeat.shown().parts)) parts.set({ part }, alive ? 1 : 0);
      copyCounts(pings, "result", heartbeat.counts);
    },
  };
}

function showCount(counter: Counter, count: number): void {
  counter.reset();
  counter.inc(count);
}

/** Shows numbers that are counted elsewhere: ingest counts with plain additions, thousands of times a second. */
function copyCounts(counter: Counter, label: string, counts: Readonly<Record<string, number>>): void {
  counter.reset();
  for (const [value, count] of Object.entries(counts)) counter.inc({ [label]: value }, count);
}

/** The histogram of poll durations in the text format, whose buckets each hold those before them. */
function durationText({ pollSecondsCounts, pollSecondsSum }: IngestCounters): string {
  const name = "hashwatch_poll_duration_seconds";
  const lines = [`# HELP ${name} Time from connecting to the whole reply, or to the verdict`, `# TYPE ${name} histogram`];
  let count = 0;
  for (const [index, bound] of [...POLL_SECONDS_BUCKETS, "+Inf"].entries()) {
    count += pollSecondsCounts[index] ?? 0;
    lines.push(`${name}_bucket{le="${bound}"} ${count}`);
  }
  return [...lines, `${name}_sum ${pollSecondsSum}`, `${name}_count ${count}`, ""].join("\n");
}
