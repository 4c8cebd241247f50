import { Gatherer, type Effect } from "../../../server/incidents/gatherer.ts";
import type { FiredEvent, LogEvent, TreeNode } from "../../../server/incidents/log.ts";
import { GatheredState } from "../../../server/incidents/state.ts";

/** A site of `minerCount` miners in racks of 48 and subnets of 200, polled by two agents; miner i stands in rack ⌊i / 48⌋. */
export function nodesOf(index: number, minerCount: number): TreeNode[] {
  const rack = Math.floor(index / 48);
  const rackSize = Math.min(48, minerCount - rack * 48);
  const subnet = Math.floor(index / 200);
  return [
    { kind: "site", id: "s1", name: "Pecos", minerCount },
    { kind: "subnet", id: `s1/10.0.${subnet}.0/24`, name: `10.0.${subnet}.0/24`, minerCount: Math.min(200, minerCount - subnet * 200) },
    { kind: "rack", id: `r${rack}`, name: `B${String(rack).padStart(2, "0")}`, minerCount: rackSize },
  ];
}

export function fired(index: number, atMs: number, fields: Partial<FiredEvent> & { fleet?: number } = {}): FiredEvent {
  const { fleet = 500, ...rest } = fields;
  return {
    ...{ type: "fired", atMs, ruleId: "unreachable", cause: "unreachable", family: "reach", severity: "warning", sinceMs: atMs - 10_000 },
    subject: { kind: "miner", id: `m${index}`, name: `miner ${index}`, address: null, siteId: "s1", minerCount: 1 },
    ...{ nodes: nodesOf(index, fleet), detail: "", beforeHs: 1e14, flapping: false, quiet: null },
    ...rest,
  };
}

export const resolved = (index: number, atMs: number, ruleId = "unreachable"): LogEvent => ({
  type: "resolved",
  atMs,
  ruleId,
  subjectId: `m${index}`,
});

/** Plays events in order of time with a tick each second between them, as the server does; keeps what entered the log and what came of it. */
export class Play {
  readonly gatherer = new Gatherer();
  readonly log: LogEvent[] = [];
  readonly effects: (Effect & { readonly atMs: number; readonly text: string })[] = [];
  nowMs = 0;

  run(events: readonly LogEvent[], untilMs: number): this {
    const due = events.toSorted((a, b) => a.atMs - b.atMs);
    while (this.nowMs < untilMs) {
      this.nowMs += 1000;
      while (due.length > 0 && due[0].atMs <= this.nowMs) this.#apply(due.shift()!);
      if (this.gatherer.isTickDue(this.nowMs)) this.#apply({ type: "tick", atMs: this.nowMs });
    }
    return this;
  }

  #apply(event: LogEvent): void {
    this.log.push(event);
    for (const effect of this.gatherer.apply(event)) {
      const { kind, reason, incident } = effect;
      const text = `${kind}${reason === null ? "" : ` ${reason}`} ${incident.scope.kind} ${incident.scope.name}`;
      this.effects.push({ ...effect, atMs: event.atMs, text });
    }
  }

  /** What people are told: everything but silent updates, and the ends of what became part of another. */
  told(): string[] {
    return this.effects
      .filter(({ kind, incident }) => kind !== "updated" && !(kind === "closed" && incident.mergedIntoId !== null))
      .map(({ text }) => text);
  }
}

/** The same log in a fresh gatherer, which is stopped and read back from JSON after every `restartEvery` events. */
export function replay(log: readonly LogEvent[], restartEvery = Infinity): { state: unknown; effects: string[] } {
  let gatherer = new Gatherer();
  const effects: string[] = [];
  for (const [index, event] of log.entries()) {
    for (const { kind, reason, incident } of gatherer.apply(event))
      effects.push(`${kind} ${reason ?? ""} ${incident.id} ${incident.severity}`);
    const isWhole = event.type === "tick";
    if (isWhole && index % restartEvery === restartEvery - 1)
      gatherer = new Gatherer(GatheredState.parse(JSON.parse(JSON.stringify(gatherer.state))));
  }
  return { state: JSON.parse(JSON.stringify(gatherer.state)), effects };
}
