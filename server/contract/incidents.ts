import { z } from "zod";
import { id } from "./api.ts";

/** Rules, incidents and quiet windows: what /alert-rules, /incidents and /silences take and answer, and what travels in messages. */

const instant = z.number().int();
const name = z.string().trim().min(1).max(100);
const DAY_MS = 86_400_000;

/** From mild to grave: a later one is worse. */
export const SEVERITIES = ["info", "warning", "critical"] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

/* Rules */

/**
 * What a rule looks at. `enter` and `leave` are the thresholds at which a condition begins and ends, in the unit of `CONDITION_UNITS`; null: by the
 * table of the settings for the model, or the default of the kind. `offset` is added to the table's value.
 */
export const PLAIN_CONDITIONS = [
  "unreachable", // 4028 is silent, refused or cannot be read
  "apiDown", // 4028 is silent while the web server of the machine answers
  "notHashing",
  "boardMissing",
  "boardDead",
  "fanStopped",
  "poolDead", // every pool that is set up
  "poolFallback",
  "identityChanged", // firmware, MAC or serial
  "agentDown",
] as const;
export const THRESHOLD_CONDITIONS = [
  "lowHashrate", // 5 min mean / rated
  "hashrateDecline", // last day / the machine's own week before
  "chipsBad", // chips of one board
  "chipTemp",
  "boardTemp",
  "fanWeak", // slowest fan / mean of the machine's others
  "hwErrors", // ratio over 1 h
  "rejects", // ratio over 1 h
  "stales", // ratio over 1 h
  "rebootLoop", // restarts in 1 h
  "efficiency", // J/TH / median of the model at the site
  "hotNeighbours", // robust z-score among the rack
  "agentBehind", // age of the newest sample of an agent that is connected
  "clockSkew",
  "diskFilling", // days until the server's disk is full
] as const;
export const CONDITION_UNITS: Record<(typeof THRESHOLD_CONDITIONS)[number], "ratio" | "chips" | "°C" | "restarts" | "z" | "ms" | "days"> = {
  lowHashrate: "ratio",
  hashrateDecline: "ratio",
  chipsBad: "chips",
  chipTemp: "°C",
  boardTemp: "°C",
  fanWeak: "ratio",
  hwErrors: "ratio",
  rejects: "ratio",
  stales: "ratio",
  rebootLoop: "restarts",
  efficiency: "ratio",
  hotNeighbours: "z",
  agentBehind: "ms",
  clockSkew: "ms",
  diskFilling: "days",
};
const threshold = z.number().min(0).max(1e9).nullable().default(null);
/** `*` stands for any text. Empty: what was seen in the first day of the site is allowed. */
const patterns = z.array(z.string().trim().min(1).max(200)).max(100).default([]);
export const AlertCondition = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(PLAIN_CONDITIONS) }),
  z.strictObject({
    kind: z.enum(THRESHOLD_CONDITIONS),
    enter: threshold,
    leave: threshold,
    offset: z.number().min(-100).max(100).default(0), // °C, for temperatures
  }),
  z.strictObject({ kind: z.literal("poolOutside"), pools: patterns, workers: patterns }),
]);
export type AlertCondition = z.infer<typeof AlertCondition>;

const ids = z.array(id).max(1000).default([]);
const words = z.array(z.string().trim().min(1).max(100)).max(200).default([]);
/** Empty lists leave nothing out; several lists must all fit. Rules about agents heed sites and agents alone. */
export const RuleScope = z.strictObject({
  siteIds: ids,
  rackIds: ids,
  models: words,
  firmwares: words, // families
  tags: words,
  agentIds: ids,
});
export type RuleScope = z.infer<typeof RuleScope>;
export const EVERYWHERE: RuleScope = { siteIds: [], rackIds: [], models: [], firmwares: [], tags: [], agentIds: [] };

export const AlertRuleBody = z.strictObject({
  name,
  enabled: z.boolean().default(true),
  condition: AlertCondition,
  /** How long the condition must hold before the alert fires. */
  holdMs: z.number().int().min(0).max(DAY_MS),
  scope: RuleScope.default(EVERYWHERE),
  severity: Severity,
});
export type AlertRuleBody = z.infer<typeof AlertRuleBody>;
/** What is left out stays. The condition of a built-in rule keeps its kind. */
export const AlertRulePatch = z
  .strictObject({
    name,
    enabled: z.boolean(),
    condition: AlertCondition,
    holdMs: AlertRuleBody.shape.holdMs,
    scope: RuleScope,
    severity: Severity,
  })
  .partial();
export type AlertRulePatch = z.infer<typeof AlertRulePatch>;
export const AlertRule = z.object({
  id,
  name: z.string(),
  builtIn: z.boolean(), // can be changed and switched off, not deleted
  enabled: z.boolean(),
  condition: AlertCondition,
  holdMs: z.number().int(),
  scope: RuleScope,
  severity: Severity,
  pendingCount: z.number().int(), // alerts of this rule now
  firingCount: z.number().int(),
});
export type AlertRule = z.infer<typeof AlertRule>;

/** POST /alert-rules/preview: whom the rule would touch now, and how often it would have fired. */
export const RulePreview = z.object({
  /** Machines, or agents for a rule about agents, within the scope. */
  scopeCount: z.number().int(),
  metCount: z.number().int(),
  /** Of which nothing can be said now. */
  unknownCount: z.number().int(),
  /** Those that are met, at most 200; `value` in the unit of the condition, null where it has none. */
  met: z.array(z.object({ id, name: z.string(), siteId: id, value: z.number().nullable(), detail: z.string() })),
  history: z.object({
    fromMs: instant,
    toMs: instant,
    /** null: the history does not hold what the condition looks at; `detail` says what. */
    firedCount: z.number().int().nullable(),
    /** Machines that would have fired at least once. */
    firedMinerCount: z.number().int().nullable(),
    /** One count per day, oldest first. */
    perDay: z.array(z.number().int()),
    /** Machines whose history was read: all in the scope, or an even sample of a large one. */
    readMinerCount: z.number().int(),
    detail: z.string(),
  }),
});
export type RulePreview = z.infer<typeof RulePreview>;

/* Incidents */

export const INCIDENT_STATES = ["open", "acknowledged", "closed"] as const;
export const IncidentState = z.enum(INCIDENT_STATES);
export type IncidentState = z.infer<typeof IncidentState>;
/** From the largest to the smallest. `server`: this program's own machine. */
export const SCOPE_KINDS = ["server", "site", "agent", "subnet", "rack", "switch", "pdu", "miner"] as const;
export const ScopeKind = z.enum(SCOPE_KINDS);
export type ScopeKind = z.infer<typeof ScopeKind>;

/** A machine, agent or server with at least one alert that fires, or fired. */
export const IncidentMember = z.object({
  kind: z.enum(["miner", "agent", "server"]),
  id,
  name: z.string(), // as it was when it joined
  address: z.string().nullable(),
  state: z.enum(["firing", "resolved"]),
  /** Conditions that fire, or where resolved that fired last. */
  causes: z.array(z.string()),
  detail: z.string(), // what was seen of each, or where resolved last: "no answer to 2 polls", "chip 104 °C, limit 95 °C"
  flapping: z.boolean(),
  joinedAtMs: instant, // the alert fired
  leftAtMs: instant.nullable(),
  beforeHs: z.number().nullable(), // hashrate before
});
export type IncidentMember = z.infer<typeof IncidentMember>;

export const IncidentNote = z.object({ atMs: instant, by: z.string(), text: z.string() });
export type IncidentNote = z.infer<typeof IncidentNote>;

export const TIMELINE_KINDS = [
  "opened",
  "joined",
  "left",
  "scopeUp",
  "severityUp",
  "flapping",
  "merged",
  "acknowledged",
  "assigned",
  "snoozed",
  "noted",
  "quiet", // a silence or maintenance window began or ended
  "resolved", // by a person
  "closed",
] as const;
export const TimelineEntry = z.object({ atMs: instant, kind: z.enum(TIMELINE_KINDS), text: z.string(), by: z.string().nullable() });
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** How much of a node changed together: why the incident stands where it does. */
export const PlacementNode = z.object({
  kind: ScopeKind,
  id,
  name: z.string(),
  changedCount: z.number().int(),
  minerCount: z.number().int(),
});
export type PlacementNode = z.infer<typeof PlacementNode>;

export const SUPPRESSIONS = ["maintenance", "silence", "snooze"] as const;
export const Incident = z.object({
  id, // "i" and a number that grows
  state: IncidentState,
  severity: Severity, // the worst that it has been
  scope: z.object({ kind: ScopeKind, id, name: z.string() }),
  siteId: id.nullable(), // null: of no single site
  cause: z.string(), // kind of the condition that most members have
  explanation: z.string(), // "46 of 48 miners in rack B07 became unreachable within 20 s"
  openedAtMs: instant, // the first alert fired
  closedAtMs: instant.nullable(),
  memberCount: z.number().int(), // all that ever joined
  firingCount: z.number().int(), // those that are members now
  /** Miners that the members stand for: an agent's are all that it polls. */
  minerCount: z.number().int(),
  members: z.array(IncidentMember),
  lostHashrateHs: z.number(), // now
  lostHashes: z.number(), // so far
  flapping: z.boolean(),
  acknowledgedBy: z.string().nullable(),
  assignee: z.string().nullable(),
  snoozedUntilMs: instant.nullable(),
  suppressedBy: z.enum(SUPPRESSIONS).nullable(), // why nobody is told at the moment
  mergedIntoId: id.nullable(), // closed because it turned out to be part of this one
  placement: z.array(PlacementNode),
  notes: z.array(IncidentNote),
  timeline: z.array(TimelineEntry), // oldest first
});
export type Incident = z.infer<typeof Incident>;
/** A row of GET /incidents. */
export const IncidentRow = Incident.omit({ members: true, placement: true, notes: true, timeline: true });
export type IncidentRow = z.infer<typeof IncidentRow>;

/** In messages and on the live stream `members` and `timeline` hold at most this many entries, the newest of the timeline; the counts are whole. */
export const MESSAGE_ENTRIES_MAX = 100;
/** In GET /incidents/:id; GET /incidents/:id/members has all. */
export const DETAIL_MEMBERS_MAX = 1000;

export const AssignBody = z.strictObject({ assignee: z.string().trim().min(1).max(100).nullable() });
export const SnoozeBody = z.strictObject({ untilMs: instant.nullable() }); // null ends it
export const NoteBody = z.strictObject({ text: z.string().trim().min(1).max(4000) });
export const BulkAcknowledgeBody = z.strictObject({ ids: z.array(id).min(1).max(1000) });
export const BulkAcknowledged = z.object({ acknowledgedIds: z.array(id), skippedIds: z.array(id) });
export type BulkAcknowledged = z.infer<typeof BulkAcknowledged>;

/** Event `incident` of the live stream: the incident after what happened, cut to MESSAGE_ENTRIES_MAX. */
export interface LiveIncident {
  readonly incident: Incident;
}

/* Silences and maintenance windows */

/** `maintenance` also shows the machines as paused. Empty lists leave nothing out; several lists must all fit. */
export const SilenceBody = z.strictObject({
  name,
  kind: z.enum(["silence", "maintenance"]),
  scope: z.strictObject({ siteIds: ids, rackIds: ids, tags: words }).default({ siteIds: [], rackIds: [], tags: [] }),
  /** `cron`: minute, hour, day of month, month, day of week, in the server's local time, when the window begins. */
  when: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("once"), fromMs: instant, toMs: instant }),
    z.strictObject({
      kind: z.literal("cron"),
      cron: z.string().trim().min(1).max(200),
      durationMs: z
        .number()
        .int()
        .min(60_000)
        .max(7 * DAY_MS),
    }),
  ]),
  enabled: z.boolean().default(true),
  note: z.string().max(2000).default(""),
});
export type SilenceBody = z.infer<typeof SilenceBody>;
export const SilencePatch = z
  .strictObject({
    name,
    kind: SilenceBody.shape.kind,
    scope: SilenceBody.shape.scope.unwrap(),
    when: SilenceBody.shape.when,
    enabled: z.boolean(),
    note: z.string().max(2000),
  })
  .partial();
export type SilencePatch = z.infer<typeof SilencePatch>;
export const Silence = z.object({
  id,
  ...SilenceBody.shape,
  createdBy: z.string(),
  createdAtMs: instant,
  active: z.boolean(),
  /** End of the window that is open now, else begin of the next; null: there is none. */
  endsAtMs: instant.nullable(),
  startsAtMs: instant.nullable(),
});
export type Silence = z.infer<typeof Silence>;
