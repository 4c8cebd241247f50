import { z } from "zod";
import { AgentStats, RawReply, ScanItem } from "./agentLink.ts";
import { Evidence, Firmware, ControlBoard } from "./identity.ts";
import { FailedPoll, Sample } from "./sample.ts";
import { STATUSES, type Reason } from "./status.ts";

/** Answers and bodies of the HTTP API under /api/v1. One schema validates and documents; field names are the public contract. */

export const id = z.string().min(1).max(60);
const name = z.string().trim().min(1).max(100);
const instant = z.number().int();
const reading = z.number().nullable();

/** RFC 9457. `detail` says what to change; `field` names the place where one is at fault. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  field: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

export const ROLES = ["viewer", "operator", "admin"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** A list answer. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  totalCount: number;
}

/* Session, users, tokens */
export const SessionRequest = z.strictObject({ username: z.string().min(1).max(100), password: z.string().min(1).max(1000) });
export const SetupRequest = z.strictObject({ token: z.string().min(1).max(200), password: z.string().min(10).max(1000) });
/** GET /session: 200 also when nobody is signed in (user null), so that a page can tell sign-in from set-up without an error. */
export const SessionInfo = z.object({
  user: z.object({ username: z.string(), role: Role, siteIds: z.array(id).nullable() }).nullable(),
  wall: z.object({ name: z.string(), siteIds: z.array(id).nullable(), expiresAtMs: instant }).nullable(), // opened with a wall link, by nobody who signed in
  setupRequired: z.boolean(), // no user exists yet
  signInRequired: z.boolean(), // false in a demo
  program: z.string(), // version
});
export type SessionInfo = z.infer<typeof SessionInfo>;

export const User = z.object({
  id,
  username: z.string(),
  role: Role,
  siteIds: z.array(id).nullable(),
  createdAtMs: instant,
  lastSignInAtMs: instant.nullable(),
});
export type User = z.infer<typeof User>;
export const UserBody = z.strictObject({
  username: z.string().regex(/^[A-Za-z0-9._@-]{1,64}$/),
  password: z.string().min(10).max(1000),
  role: Role,
  siteIds: z.array(id).max(1000).nullable().default(null),
});
export const UserPatch = UserBody.omit({ username: true }).partial();

export const Token = z.object({
  id,
  name: z.string(),
  role: Role,
  siteIds: z.array(id).nullable(),
  createdAtMs: instant,
  expiresAtMs: instant.nullable(),
  lastUsedAtMs: instant.nullable(),
});
export type Token = z.infer<typeof Token>;
export const TokenBody = z.strictObject({
  name,
  role: Role,
  siteIds: z.array(id).max(1000).nullable().default(null),
  expiresAtMs: instant.nullable().default(null),
});
/** The secret is in this answer and nowhere else. */
export const TokenCreated = Token.extend({ token: z.string() });
export type TokenCreated = z.infer<typeof TokenCreated>;

/** What a screen in a control room opens: reads the live fleet, its frames and series, of these sites, and nothing else. */
export const WallLink = z.object({
  id,
  name: z.string(),
  siteIds: z.array(id).nullable(),
  createdAtMs: instant,
  expiresAtMs: instant,
  lastUsedAtMs: instant.nullable(),
});
export type WallLink = z.infer<typeof WallLink>;
/** A link hangs on a wall for all to see and is soon forgotten: it always ends, within 366 days. */
export const WallLinkBody = z.strictObject({ name, siteIds: z.array(id).min(1).max(1000).nullable().default(null), expiresAtMs: instant });
/** The token is in this answer and nowhere else. The link is `serverUrl` + `/?wall#wall=` + `token`; null: the address of the request. */
export const WallLinkCreated = WallLink.extend({ token: z.string(), serverUrl: z.string().nullable() });
export type WallLinkCreated = z.infer<typeof WallLinkCreated>;
export const WallRequest = z.strictObject({ token: z.string().min(1).max(200) });

/* Fleet */
export const StatusCounts = z.object(
  Object.fromEntries(STATUSES.map((s) => [s, z.number().int()])) as Record<(typeof STATUSES)[number], z.ZodNumber>,
);
export type StatusCounts = z.infer<typeof StatusCounts>;
export const AlgorithmTotals = z.object({
  algorithm: z.string(),
  minerCount: z.number().int(),
  reportingCount: z.number().int(),
  hashrateHs: z.number(),
  ratedHashrateHs: z.number(),
  powerW: reading,
});
export type AlgorithmTotals = z.infer<typeof AlgorithmTotals>;
export const FleetTotals = z.object({
  atMs: instant,
  minerCount: z.number().int(),
  reportingCount: z.number().int(), // sample not older than 2 intervals
  statusCounts: StatusCounts,
  hashrateHs: z.number(), // SHA-256d, over the reporting
  ratedHashrateHs: z.number(), // over all but unknown and paused
  powerW: reading,
  efficiencyJPerTh: reading, // over the reporting whose power is known
  chipTempCMax: reading,
  oldestSampleAgeMs: reading,
  oldestAgentAgeMs: reading, // since the newest sample of the agent furthest behind
  byAlgorithm: z.array(AlgorithmTotals),
});
export type FleetTotals = z.infer<typeof FleetTotals>;

/* Miners */
const sampleScalars = Sample.pick({
  polledAtMs: true,
  durationMs: true,
  uptimeMs: true,
  hashrateHs: true,
  hashrateMeanHs: true,
  hashrate30mHs: true,
  ratedHashrateHs: true,
  powerW: true,
  powerSource: true,
  efficiencyJPerTh: true,
  chipTempCMax: true,
  boardTempCMax: true,
  inletTempC: true,
  outletTempC: true,
  fansRpm: true,
  expectedFanCount: true,
  hwErrorCount: true,
  acceptedCount: true,
  rejectedCount: true,
  staleCount: true,
  expectedHashboardCount: true,
});
const minerBase = z.object({
  id,
  siteId: id,
  rackId: id.nullable(),
  slot: z.number().int().nullable(),
  agentId: id.nullable(),
  name: z.string(),
  tags: z.array(z.string()),
  note: z.string(),
  address: z.string(),
  port: z.number().int(),
  mac: z.string().nullable(),
  serial: z.string().nullable(),
  hostname: z.string().nullable(),
  make: z.string().nullable(),
  model: z.string().nullable(),
  modelReported: z.string().nullable(),
  firmware: Firmware,
  controlBoard: ControlBoard.nullable(),
  algorithm: z.string(),
  status: z.enum(STATUSES),
  reason: z.string() as unknown as z.ZodType<Reason>,
  statusSinceMs: instant,
  lastSeenAtMs: instant.nullable(),
  sampleAgeMs: reading,
});
/** A row of GET /miners: identity, status, and the sample's scalars (null before the first sample). */
export const MinerRow = minerBase.extend(
  Object.fromEntries(Object.entries(sampleScalars.shape).map(([key, schema]) => [key, schema.nullable()])) as {
    [K in keyof typeof sampleScalars.shape]: z.ZodNullable<(typeof sampleScalars.shape)[K]>;
  },
);
export type MinerRow = z.infer<typeof MinerRow>;
export const MinerEvent = z.object({
  atMs: instant,
  kind: z.enum(["status", "identity", "restart", "note"]),
  text: z.string(),
  status: z.enum(STATUSES).nullable(),
  reason: z.string().nullable(),
});
export type MinerEvent = z.infer<typeof MinerEvent>;
export const MinerDetail = minerBase.extend({
  sample: Sample.nullable(),
  lastFailure: FailedPoll.nullable(),
  evidence: z.array(Evidence.extend({ firstSeenAtMs: instant })),
  events: z.array(MinerEvent),
});
export type MinerDetail = z.infer<typeof MinerDetail>;
export const MinerPatch = z
  .strictObject({
    name: z.string().trim().max(100),
    tags: z.array(z.string().trim().min(1).max(40)).max(20),
    note: z.string().max(2000),
    rackId: id.nullable(),
    slot: z.number().int().min(1).max(10_000).nullable(),
  })
  .partial();
export type MinerPatch = z.infer<typeof MinerPatch>;

/** GET /fleet/identity: one array per field, all of one length; row order is arbitrary, `id` is the key. */
export const FleetIdentity = z.object({
  id: z.array(id),
  siteId: z.array(id),
  rackId: z.array(id.nullable()),
  slot: z.array(z.number().nullable()),
  agentId: z.array(id.nullable()),
  name: z.array(z.string()),
  tags: z.array(z.array(z.string())),
  address: z.array(z.string()),
  port: z.array(z.number()),
  mac: z.array(z.string().nullable()),
  serial: z.array(z.string().nullable()),
  make: z.array(z.string().nullable()),
  model: z.array(z.string().nullable()),
  modelReported: z.array(z.string().nullable()),
  firmwareFamily: z.array(z.string()),
  firmwareVersion: z.array(z.string().nullable()),
  controlBoard: z.array(z.string().nullable()),
  algorithm: z.array(z.string()),
  ratedHashrateHs: z.array(reading),
  expectedFanCount: z.array(reading),
  pollIntervalMs: z.array(z.number()),
  pool: z.array(z.string().nullable()),
  worker: z.array(z.string().nullable()),
});
export type FleetIdentity = z.infer<typeof FleetIdentity>;
/** Event `identity` of the live stream: the same columns for miners that are new or changed, and ids that were forgotten. */
export interface LiveIdentity {
  changed: FleetIdentity;
  removedIds: string[];
}

export const Replies = z.object({ fetchedAtMs: instant, replies: z.array(RawReply) });
export type Replies = z.infer<typeof Replies>;

/** Replies that could not be read, kept for 7 days. */
export const MalformedReply = z.object({ atMs: instant, command: z.string(), failure: z.string(), base64: z.string() });
export type MalformedReply = z.infer<typeof MalformedReply>;

/**
 * GET …/series. `coverage` is the share 0 to 1 of each step for which there are samples. `backfilled`: from and to of the spans, in order, whose samples
 * came late, of some of the miners at least: an agent had lost its uplink and sent what it had kept afterwards.
 */
export const Series = z.object({
  stepMs: z.number(),
  timesMs: z.array(instant),
  series: z.record(z.string(), z.array(reading)),
  coverage: z.array(z.number()),
  backfilled: z
    .array(z.tuple([instant, instant]))
    .describe("From and to of the spans whose samples came late, from the backlog of an agent"),
});
export type Series = z.infer<typeof Series>;
/** GET /fleet/frame, columnar; status holds codes of STATUS_CODES. */
export const FleetFrame = z.object({
  atMs: instant,
  minerIds: z.array(id),
  status: z.array(z.enum(STATUSES)),
  reason: z.array(z.string() as unknown as z.ZodType<Reason>),
  hashrateHs: z.array(reading),
  chipTempCMax: z.array(reading),
});
export type FleetFrame = z.infer<typeof FleetFrame>;

/* Sites, racks, ranges, agents, scans */
export const Site = z.object({ id, name: z.string(), createdAtMs: instant });
export type Site = z.infer<typeof Site>;
export const SiteBody = z.strictObject({ name });
export const Rack = z.object({ id, siteId: id, name: z.string(), rows: z.number().int(), columns: z.number().int() });
export type Rack = z.infer<typeof Rack>;
export const RackBody = z.strictObject({
  siteId: id,
  name,
  rows: z.number().int().min(1).max(200),
  columns: z.number().int().min(1).max(200),
});
export const RackPatch = RackBody.omit({ siteId: true }).partial();
/** POST /racks/import: what the CSV changes, or would change with `dryRun`; `racksCreated` holds names. Lines count from 1, the header. */
export const RackImport = z.object({
  dryRun: z.boolean(),
  racksCreated: z.array(z.string()),
  unchangedCount: z.number().int(),
  changes: z.array(
    z.object({
      line: z.number().int(),
      minerId: id,
      address: z.string(),
      fromRack: z.string().nullable(),
      fromSlot: z.number().int().nullable(),
      rack: z.string().nullable(), // null: out of its rack
      slot: z.number().int().nullable(),
    }),
  ),
  /** `column` and `value`: the cell at fault, null where the line as a whole is. */
  errors: z.array(z.object({ line: z.number().int(), column: z.string().nullable(), value: z.string().nullable(), detail: z.string() })),
});
export type RackImport = z.infer<typeof RackImport>;
/** A switch or a power strip, and the miners that hang on it. */
export const Node = z.object({ id, siteId: id, kind: z.enum(["switch", "pdu"]), name: z.string(), minerIds: z.array(id) });
export type Node = z.infer<typeof Node>;
export const NodeBody = z.strictObject({ siteId: id, kind: z.enum(["switch", "pdu"]), name, minerIds: z.array(id).max(5000).default([]) });
export const NodePatch = NodeBody.omit({ siteId: true })
  .extend({ minerIds: z.array(id).max(5000) })
  .partial();
export const Range = z.object({ id, siteId: id, agentId: id, range: z.string(), source: z.enum(["user", "flag"]) });
export type Range = z.infer<typeof Range>;
export const RangeBody = z.strictObject({ siteId: id.optional(), agentId: id, range: z.string().trim().min(1).max(200) });
/** state: waiting = enrolment code not used yet. skewMs: agent's clock minus server's. */
export const Agent = z.object({
  id,
  siteId: id,
  name: z.string(),
  embedded: z.boolean(),
  state: z.enum(["waiting", "online", "offline", "revoked"]),
  program: z.string().nullable(),
  hostname: z.string().nullable(),
  connectedSinceMs: instant.nullable(),
  lastFrameAtMs: instant.nullable(),
  newestSampleAtMs: instant.nullable(),
  skewMs: reading,
  remoteAddress: z.string().nullable(),
  minerCount: z.number().int(),
  stats: AgentStats.nullable(),
  codeExpiresAtMs: instant.nullable(),
  networks: z.array(z.string()).describe("Networks that the agent said it stands in, as CIDR, when it connected last"),
});
export type Agent = z.infer<typeof Agent>;
export const AgentBody = z.strictObject({ siteId: id, name });
export const AgentPatch = z.strictObject({ name: name.optional(), revoked: z.literal(true).optional() });
/** The code is in this answer and nowhere else; good for one enrolment. serverUrl: as set with --public-url; null: the address of the request. */
export const AgentCreated = z.object({ id, code: z.string(), expiresAtMs: instant, serverUrl: z.string().nullable() });
export type AgentCreated = z.infer<typeof AgentCreated>;
export const ScanBody = z.strictObject({ ranges: z.array(z.string().max(200)).max(1000).optional() });
export const Scan = z.object({
  id,
  agentId: id,
  state: z.enum(["running", "done", "failed", "stopped"]),
  detail: z.string().nullable(),
  startedAtMs: instant,
  endedAtMs: instant.nullable(),
  totalCount: z.number().int(),
  probedCount: z.number().int(),
  foundCount: z.number().int(),
  failureCounts: z.record(z.string(), z.number().int()),
  items: z.array(ScanItem),
});
export type Scan = z.infer<typeof Scan>;

/* Settings, views, audit */
const threshold = z.strictObject({
  model: z.string().max(100).nullable(), // null: every model without a row of its own
  chipTempC: z.number().min(30).max(150),
  boardTempC: z.number().min(30).max(150),
  inletTempC: z.number().min(0).max(100),
  lowHashrateRatio: z.number().min(0).max(1),
  chipsBadCount: z.number().int().min(1),
  chipsBadRatio: z.number().min(0).max(1),
  rejectRatio: z.number().min(0).max(1),
  hwErrorRatio: z.number().min(0).max(1),
});
export type Threshold = z.infer<typeof threshold>;
export const Settings = z.strictObject({
  pollIntervalMs: z.number().int().min(1000).max(3_600_000).nullable(), // null: each agent's own flag
  thresholds: z.array(threshold).max(200),
  siteThresholds: z.record(id, z.array(threshold).max(200)),
  retention: z.strictObject({
    rawDays: z.number().min(1),
    fiveMinutesDays: z.number().min(1),
    hourDays: z.number().min(1),
    dayDays: z.number().min(1).nullable(),
  }), // null: for ever
  units: z.strictObject({ temperature: z.enum(["C", "F"]) }),
});
export type Settings = z.infer<typeof Settings>;
export const Units = Settings.shape.units;
export type Units = z.infer<typeof Units>;
/** PATCH /settings: what is left out stays; lists and objects named here take the place of the old ones. */
export const SettingsPatch = Settings.partial();
export const StorageForecast = z.object({ databaseBytes: z.number(), bytesPerDay: reading, freeBytes: reading, fullInDays: reading });
export type StorageForecast = z.infer<typeof StorageForecast>;
export const AuditEntry = z.object({
  id: z.number().int(),
  atMs: instant,
  actor: z.string(),
  from: z.string(),
  action: z.string(),
  target: z.string(),
  result: z.enum(["done", "refused", "failed"]),
  detail: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
/** What stands behind the `?` of the table's address: filters, order and columns. */
const viewQuery = z
  .string()
  .max(4000)
  .regex(/^(?!\?)[!"$-~]*$/, "must be the part of an address behind the question mark, without it and without blanks");
export const View = z.object({ id, owner: z.string(), shared: z.boolean(), name: z.string(), query: z.string(), createdAtMs: instant });
export type View = z.infer<typeof View>;
export const ViewBody = z.strictObject({ name, shared: z.boolean().default(false), query: viewQuery });
export type ViewBody = z.infer<typeof ViewBody>;
export const ViewPatch = ViewBody.extend({ shared: z.boolean() }).partial();
export type ViewPatch = z.infer<typeof ViewPatch>;
