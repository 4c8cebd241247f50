import type { Severity, TIMELINE_KINDS } from "../contract/incidents.ts";
import type { FiredEvent, LogEvent, TreeNode } from "./log.ts";
import { isIn, isSame, placementOf, placeOf, TOGETHER_MS } from "./placement.ts";
import { dueMembers } from "./pools.ts";
import { emptyState, isFiring, isWorse, worstOf, type GatheredIncident, type GatheredState, type Member, type Pool } from "./state.ts";

/** An incident without members closes after this long, so that what comes and goes does not open and close it. */
export const CLOSE_QUIET_MS = 60_000;
/** A straggler joins an incident whose last member joined within this, or of whose node as much is down as placed it there; later it is a cause of its own. */
const JOIN_MS = 10 * 60_000;
const WHOLE_SHARE = 0.6;
/** Half of a node lost is critical, whatever each machine is by itself. */
const CRITICAL_SHARE = 0.5;
const TIMELINE_MAX = 500;

export interface Effect {
  readonly kind: "opened" | "changed" | "updated" | "closed";
  readonly reason: "scopeUp" | "severityUp" | null;
  readonly incident: GatheredIncident;
}
interface Settling {
  readonly pool: Pool;
  /** All that changed together at the place, and those of them that waited. */
  readonly group: ReadonlySet<Member>;
  readonly newcomers: ReadonlySet<Member>;
  readonly nowMs: number;
}
/** Where a member stands: in a pool that waits to be placed, or in an incident. */
interface Seat {
  readonly member: Member;
  readonly pool: Pool | null;
  readonly incident: GatheredIncident | null;
}

/**
 * Gathers alerts to incidents: a deterministic reducer over the log. `apply` takes the next event in and tells which incidents it opened, changed or closed;
 * the state is plain data, and a gatherer made from it goes on as if it had never stopped.
 */
export class Gatherer {
  readonly state: GatheredState;
  /** By subject: one seat per family. */
  readonly #seats = new Map<string, Seat[]>();
  /** Incidents whose members changed since the last tick, which looks at them as a whole. */
  readonly #touched = new Set<GatheredIncident>();
  #effects: Effect[] = [];

  constructor(state: GatheredState = emptyState()) {
    this.state = state;
    for (const pool of state.pools) for (const member of pool.members) this.#seat({ member, pool, incident: null });
    for (const incident of state.incidents) for (const member of incident.members) this.#seat({ member, pool: null, incident });
  }

  apply(event: LogEvent): Effect[] {
    this.#effects = [];
    switch (event.type) {
      case "fired":
        this.#fired(event);
        break;
      case "resolved":
        this.#resolved(event);
        break;
      case "quiet":
        for (const seat of this.#seats.get(event.subjectId) ?? []) this.#quiet(seat, event);
        break;
      case "loss":
        for (const incident of this.state.incidents) this.#loss(incident, event.lossHs[incident.id] ?? 0, event.atMs);
        break;
      case "tick":
        this.#tick(event.atMs);
        break;
      default:
        this.#act(event);
    }
    return this.#effects;
  }

  /** Would a tick at this instant change anything? Only then it belongs into the log. */
  isTickDue(nowMs: number): boolean {
    const { pools, incidents } = this.state;
    return (
      this.#touched.size > 0 ||
      pools.some((pool) => dueMembers(pool, nowMs).length > 0) ||
      incidents.some(
        ({ clearSinceMs, snoozedUntilMs }) =>
          (clearSinceMs !== null && nowMs - clearSinceMs >= CLOSE_QUIET_MS) || (snoozedUntilMs !== null && snoozedUntilMs <= nowMs),
      )
    );
  }

  find(incidentId: string): GatheredIncident | null {
    return this.state.incidents.find(({ id }) => id === incidentId) ?? null;
  }

  /** The incident that holds the subject as a member that fires, of any family. */
  incidentsOf(subjectId: string): GatheredIncident[] {
    return (this.#seats.get(subjectId) ?? []).flatMap(({ incident, member }) => (incident !== null && isFiring(member) ? [incident] : []));
  }

  /* Alerts */

  #fired(event: FiredEvent): void {
    const seat = this.#seatOf(event.subject.id, event.family);
    if (seat !== null && !isOver(seat, event)) {
      this.#fireAgain(seat, event);
      return;
    }
    this.#unseat(seat);
    const member = memberOf(event);
    const incident = this.state.incidents.find((open) => isOpenTo(open, event, member));
    if (incident !== undefined) this.#join(incident, [member], event.atMs);
    else this.#wait(member, event);
  }

  #fireAgain({ member, pool, incident }: Seat, event: FiredEvent): void {
    const wasFiring = isFiring(member);
    const alert = alertOf(event);
    member.alerts = [...member.alerts.filter(({ ruleId }) => ruleId !== alert.ruleId), alert];
    member.last = alert;
    member.quiet = event.quiet;
    member.leftAtMs = null;
    if (!wasFiring) member.joinedAtMs = event.atMs;
    if (pool !== null) pool.lastAtMs = event.atMs;
    if (incident === null) return;
    if (!wasFiring && !event.flapping) this.#note(incident, "joined", event.atMs, `${member.subject.name} is back among the members`);
    incident.lastJoinAtMs = event.atMs;
    this.#noteFlapping(incident, member, event.atMs);
    this.#touched.add(incident);
  }

  #wait(member: Member, { subject: { siteId }, family, atMs }: FiredEvent): void {
    let pool = this.state.pools.find((each) => each.siteId === siteId && each.family === family);
    if (pool === undefined) {
      pool = { siteId, family, firstAtMs: atMs, lastAtMs: atMs, members: [] };
      this.state.pools.push(pool);
    }
    pool.members.push(member);
    pool.lastAtMs = atMs;
    this.#seat({ member, pool, incident: null });
  }

  #resolved({ ruleId, subjectId, atMs }: Extract<LogEvent, { type: "resolved" }>): void {
    for (const seat of [...(this.#seats.get(subjectId) ?? [])]) {
      const { member, incident, pool } = seat;
      const stays = member.alerts.filter((alert) => alert.ruleId !== ruleId);
      if (stays.length === member.alerts.length) continue;
      member.alerts = stays;
      if (incident !== null) this.#touched.add(incident);
      if (stays.length > 0) continue;
      if (pool !== null) this.#leavePool(seat, pool);
      if (incident !== null) this.#leave(incident, member, atMs);
    }
  }

  #leavePool(seat: Seat, pool: Pool): void {
    this.#unseat(seat);
    pool.members.splice(pool.members.indexOf(seat.member), 1);
    this.#dropEmptyPools();
  }

  #leave(incident: GatheredIncident, member: Member, atMs: number): void {
    member.leftAtMs = atMs;
    this.#noteCount(incident, "left", atMs, member.subject.name);
  }

  #quiet({ member, incident }: Seat, { quiet }: Extract<LogEvent, { type: "quiet" }>): void {
    member.quiet = quiet;
    if (incident !== null) this.#touched.add(incident);
  }

  #loss(incident: GatheredIncident, lossHs: number, atMs: number): void {
    if (incident.lossHs === lossHs) return;
    countLoss(incident, atMs);
    incident.lossHs = lossHs;
    this.#effect({ kind: "updated", reason: null, incident });
  }

  /* Time */

  #tick(nowMs: number): void {
    for (const pool of [...this.state.pools]) this.#placePool(pool, nowMs);
    for (const incident of this.#touched) this.#touch(incident, nowMs);
    this.#touched.clear();
    for (const incident of [...this.state.incidents]) {
      if (incident.snoozedUntilMs !== null && incident.snoozedUntilMs <= nowMs) {
        incident.snoozedUntilMs = null;
        this.#note(incident, "snoozed", nowMs, "The snooze ended");
        this.#effect({ kind: "updated", reason: null, incident });
      }
      if (incident.clearSinceMs !== null && nowMs - incident.clearSinceMs >= CLOSE_QUIET_MS)
        this.#close(incident, nowMs, "closed", "Nothing has been wrong with any member for a minute");
    }
  }

  #placePool(pool: Pool, nowMs: number): void {
    const due = new Set(dueMembers(pool, nowMs));
    if (due.size === 0) return;
    const waiting = new Set(pool.members);
    let unplaced = [...waiting, ...this.#recent(pool, nowMs)];
    for (let place = placeOf(unplaced, pool.family); place !== null; place = placeOf(unplaced, pool.family)) {
      const here = place;
      const group = new Set(unplaced.filter((member) => isIn(member, here)));
      const newcomers = new Set([...group].filter((member) => waiting.has(member)));
      if (newcomers.size > 0) this.#settle(here, { pool, group, newcomers, nowMs });
      unplaced = unplaced.filter((member) => !group.has(member));
    }
    for (const member of unplaced)
      if (due.has(member)) this.#settle(ownNode(member), { pool, group: new Set([member]), newcomers: new Set([member]), nowMs });
    this.#dropEmptyPools();
  }

  /** Members of incidents that changed together with those who wait: the cause may be larger than it looked. */
  #recent({ siteId, family }: Pool, nowMs: number): Member[] {
    return this.state.incidents
      .filter((incident) => incident.siteId === siteId && incident.family === family)
      .flatMap(({ members }) => members.filter((member) => isFiring(member) && nowMs - member.joinedAtMs <= TOGETHER_MS));
  }

  #settle(place: TreeNode, { pool, group, newcomers, nowMs }: Settling): void {
    for (const { subject } of newcomers) this.#unseat(this.#seatOf(subject.id, pool.family));
    pool.members = pool.members.filter((member) => !newcomers.has(member));
    const ofPool = this.state.incidents.filter(({ family, siteId }) => family === pool.family && siteId === pool.siteId);
    const there = ofPool.filter(({ members }) => members.some((member) => group.has(member)));
    const atPlace = ofPool.find(({ scope }) => isSame(scope, place));
    const survivor = atPlace ?? there.at(0);
    if (survivor === undefined) {
      this.#open(place, { pool, members: [...newcomers], nowMs });
      return;
    }
    for (const other of there) if (other !== survivor) this.#merge(other, survivor, nowMs);
    if (!isSame(survivor.scope, place)) this.#moveUp(survivor, place, nowMs);
    this.#join(survivor, [...newcomers], nowMs);
    survivor.placement = placementOf(survivor.members.filter(isFiring), place);
  }

  #open(place: TreeNode, { pool: { family, siteId }, members, nowMs }: { pool: Pool; members: Member[]; nowMs: number }): void {
    const openedAtMs = members.reduce((first, { joinedAtMs }) => Math.min(first, joinedAtMs), nowMs);
    const incident: GatheredIncident = {
      ...{ id: `i${this.state.nextNumber++}`, family, state: "open", severity: "info", siteId, openedAtMs, closedAtMs: null },
      scope: { kind: place.kind, id: place.id, name: place.name, minerCount: place.minerCount },
      ...{ clearSinceMs: null, lastJoinAtMs: nowMs, members, lossHs: 0, lostHashes: 0, countedAtMs: nowMs },
      ...{ acknowledgedBy: null, assignee: null, snoozedUntilMs: null, quiet: null, untold: false, mergedIntoId: null },
      ...{ placement: placementOf(members, place), notes: [], timeline: [] },
    };
    this.state.incidents.push(incident);
    for (const member of members) this.#seat({ member, pool: null, incident });
    incident.severity = severityOf(incident);
    incident.quiet = quietOf(incident);
    incident.untold = incident.quiet !== null;
    this.#note(
      incident,
      "opened",
      nowMs,
      members.length === 1 ? `Opened for ${members[0].subject.name}` : `Opened with ${members.length} members`,
    );
    for (const member of members) this.#noteFlapping(incident, member, nowMs);
    this.#effect({ kind: "opened", reason: null, incident });
  }

  #join(incident: GatheredIncident, members: readonly Member[], atMs: number): void {
    if (members.length === 0) return;
    for (const member of members) {
      incident.members.push(member);
      this.#seat({ member, pool: null, incident });
      this.#noteCount(incident, "joined", atMs, member.subject.name);
      this.#noteFlapping(incident, member, atMs);
    }
    incident.lastJoinAtMs = atMs;
    this.#touched.add(incident);
  }

  #moveUp(incident: GatheredIncident, place: TreeNode, atMs: number): void {
    this.#note(incident, "scopeUp", atMs, `The cause is larger: moved from ${incident.scope.name} to ${place.name}`);
    incident.scope = { kind: place.kind, id: place.id, name: place.name, minerCount: place.minerCount };
    this.#effect({ kind: "changed", reason: "scopeUp", incident });
  }

  #merge(from: GatheredIncident, into: GatheredIncident, atMs: number): void {
    for (const { subject } of from.members) this.#unseat(this.#seatOf(subject.id, from.family));
    const known = new Set(into.members.map(({ subject }) => subject.id));
    const moved = from.members.filter(({ subject }) => !known.has(subject.id));
    into.members.push(...moved);
    for (const member of moved) this.#seat({ member, pool: null, incident: into });
    countLoss(into, atMs);
    countLoss(from, atMs);
    into.lostHashes += from.lostHashes;
    into.lossHs += from.lossHs;
    into.openedAtMs = Math.min(into.openedAtMs, from.openedAtMs);
    from.mergedIntoId = into.id;
    this.#note(into, "merged", atMs, `Took in ${from.id}, ${from.scope.name}`);
    this.#close(from, atMs, "merged", `Part of ${into.id} now`);
  }

  #close(incident: GatheredIncident, atMs: number, how: "closed" | "resolved" | "merged", text: string, by: string | null = null): void {
    countLoss(incident, atMs);
    Object.assign(incident, { state: "closed", closedAtMs: atMs, lossHs: 0, clearSinceMs: null, snoozedUntilMs: null });
    this.#note(incident, how, atMs, text, by);
    this.state.incidents.splice(this.state.incidents.indexOf(incident), 1);
    this.#touched.delete(incident);
    for (const { subject } of incident.members) {
      const seat = this.#seatOf(subject.id, incident.family);
      if (seat?.incident === incident) this.#unseat(seat);
    }
    this.#effect({ kind: "closed", reason: null, incident });
  }

  /* People */

  #act(event: Extract<LogEvent, { by: string }>): void {
    const incident = this.find(event.incidentId);
    if (incident === null) return;
    const { atMs, by } = event;
    switch (event.type) {
      case "acknowledge":
        if (incident.state === "acknowledged") return;
        Object.assign(incident, { state: "acknowledged", acknowledgedBy: by });
        this.#note(incident, "acknowledged", atMs, "Acknowledged", by);
        break;
      case "assign":
        incident.assignee = event.assignee;
        this.#note(incident, "assigned", atMs, event.assignee === null ? "Assigned to nobody" : `Assigned to ${event.assignee}`, by);
        break;
      case "snooze":
        incident.snoozedUntilMs = event.untilMs;
        this.#note(
          incident,
          "snoozed",
          atMs,
          event.untilMs === null ? "The snooze was ended" : `Snoozed until ${new Date(event.untilMs).toISOString()}`,
          by,
        );
        break;
      case "note":
        incident.notes.push({ atMs, by, text: event.text });
        this.#note(incident, "noted", atMs, event.text, by);
        break;
      case "resolve":
        this.#close(incident, atMs, "resolved", "Resolved", by);
        return;
    }
    this.#touch(incident, atMs);
  }

  /* Bookkeeping */

  /** After whatever changed an incident: its severity, whether a window covers it, and what follows from them. */
  #touch(incident: GatheredIncident, atMs: number): void {
    incident.clearSinceMs = incident.members.some(isFiring) ? null : (incident.clearSinceMs ?? atMs);
    this.#followQuiet(incident, atMs);
    const severity = severityOf(incident);
    if (isWorse(severity, incident.severity)) {
      this.#note(incident, "severityUp", atMs, `From ${incident.severity} to ${severity}`);
      incident.severity = severity;
      this.#effect({ kind: "changed", reason: "severityUp", incident });
      return;
    }
    this.#effect({ kind: "updated", reason: null, incident });
  }

  #followQuiet(incident: GatheredIncident, atMs: number): void {
    const quiet = quietOf(incident);
    if (quiet !== incident.quiet) {
      incident.quiet = quiet;
      this.#note(incident, "quiet", atMs, quiet === null ? "The quiet window ended" : `Covered by a ${quiet} window`);
    }
    if (!incident.untold || quiet !== null || incident.clearSinceMs !== null) return;
    incident.untold = false;
    this.#effect({ kind: "opened", reason: null, incident });
  }

  #effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  #note(incident: GatheredIncident, kind: (typeof TIMELINE_KINDS)[number], atMs: number, text: string, by: string | null = null): void {
    incident.timeline.push({ atMs, kind, text, by });
    if (incident.timeline.length > TIMELINE_MAX) incident.timeline.splice(1, 1); // the opening stays
  }

  #noteFlapping(incident: GatheredIncident, { subject, last }: Member, atMs: number): void {
    const text = `${subject.name} comes and goes; it is held as one`;
    if (last.flapping && !incident.timeline.some((entry) => entry.kind === "flapping" && entry.text === text))
      this.#note(incident, "flapping", atMs, text);
  }

  /** Members that join or leave within ten seconds are one line. */
  #noteCount(incident: GatheredIncident, kind: "joined" | "left", atMs: number, name: string): void {
    const last = incident.timeline.at(-1);
    const did = kind === "joined" ? "joined" : "left";
    if (last?.kind !== kind || atMs - last.atMs > 10_000) this.#note(incident, kind, atMs, `${name} ${did}`);
    else last.text = `${Number(/^(\d+) members/.exec(last.text)?.[1] ?? 1) + 1} members ${did}`;
  }

  #seatOf(subjectId: string, family: string): Seat | null {
    return (this.#seats.get(subjectId) ?? []).find(({ pool, incident }) => (pool ?? incident)?.family === family) ?? null;
  }

  #seat(seat: Seat): void {
    const { id } = seat.member.subject;
    this.#seats.set(id, [...(this.#seats.get(id) ?? []), seat]);
  }

  #unseat(seat: Seat | null): void {
    if (seat === null) return;
    const { id } = seat.member.subject;
    const rest = (this.#seats.get(id) ?? []).filter((each) => each !== seat);
    if (rest.length === 0) this.#seats.delete(id);
    else this.#seats.set(id, rest);
  }

  #dropEmptyPools(): void {
    this.state.pools = this.state.pools.filter(({ members }) => members.length > 0);
  }
}

const alertOf = ({ ruleId, cause, severity, detail, sinceMs, flapping }: FiredEvent): Member["last"] => ({ ruleId, cause, severity, detail, sinceMs, flapping }); // prettier-ignore

function memberOf(event: FiredEvent): Member {
  const { subject, nodes, sinceMs, atMs, beforeHs, quiet } = event;
  const alert = alertOf(event);
  return { subject, nodes, alerts: [alert], last: alert, sinceMs, joinedAtMs: atMs, leftAtMs: null, beforeHs, quiet };
}

function ownNode({ subject: { kind, id, name, minerCount } }: Member): TreeNode {
  return { kind, id, name, minerCount };
}

/** A straggler of an open incident: within its node, and soon after the others or while most of the node is down. */
function isOpenTo(incident: GatheredIncident, { family, subject, atMs }: FiredEvent, member: Member): boolean {
  const { scope } = incident;
  if (incident.family !== family || incident.siteId !== subject.siteId || scope.kind === "miner" || scope.kind === "agent") return false;
  if (scope.kind === "server" || !isIn(member, scope)) return false;
  return atMs - incident.lastJoinAtMs <= JOIN_MS || firingShare(incident) >= WHOLE_SHARE;
}

/** It left an incident that is no longer open to it: what fires now is another matter. */
function isOver({ incident, member }: Seat, event: FiredEvent): boolean {
  if (incident === null || member.leftAtMs === null || event.atMs - member.leftAtMs <= JOIN_MS) return false;
  return !isOpenTo(incident, event, member);
}

function firingShare({ members, scope }: GatheredIncident): number {
  const firingCount = members.reduce((sum, member) => (isFiring(member) ? sum + member.subject.minerCount : sum), 0);
  return firingCount / Math.max(1, scope.minerCount);
}

/** The worst of the members that fire; critical where half of a node is lost, which an agent in trouble does not tell. Never milder than it was. */
function severityOf(incident: GatheredIncident): Severity {
  const worst = worstOf(incident.members.flatMap(({ alerts }) => alerts.map(({ severity }) => severity)));
  const isNode = incident.scope.kind !== "miner" && incident.scope.kind !== "agent" && incident.scope.kind !== "server";
  const isLost = isNode && incident.family !== "agent" && worst !== "info" && firingShare(incident) >= CRITICAL_SHARE;
  return isLost ? "critical" : worstOf([worst, incident.severity]);
}

/** What keeps people from being told: a window that covers every member that fires. */
function quietOf({ members, quiet }: GatheredIncident): GatheredIncident["quiet"] {
  const firing = members.filter(isFiring);
  if (firing.length === 0) return quiet;
  return firing.every((member) => member.quiet !== null) ? firing[0].quiet : null;
}

function countLoss(incident: GatheredIncident, atMs: number): void {
  incident.lostHashes += (incident.lossHs * Math.max(0, atMs - incident.countedAtMs)) / 1000;
  incident.countedAtMs = atMs;
}
