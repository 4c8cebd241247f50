import { z } from "zod";
import { ScopeKind, Severity } from "../contract/incidents.ts";

/** What incidents are made of: the log of alerts that fired and resolved, of time and of what people did. The same log always gives the same incidents. */

const instant = z.number().int();

/** Causes that bring each other about gather together: a dead board and the hashrate that it takes along are one thing, a hijacked pool is another. */
export const FAMILIES = ["reach", "agent", "hash", "heat", "pool", "hijack", "identity", "server"] as const;
export const Family = z.enum(FAMILIES);
export type Family = z.infer<typeof Family>;

/** Whom an alert is about. */
export const Subject = z.object({
  kind: z.enum(["miner", "agent", "server"]),
  id: z.string(),
  name: z.string(),
  address: z.string().nullable(),
  siteId: z.string().nullable(),
  /** Miners that it stands for: 1, or all that an agent polls. */
  minerCount: z.number().int(),
});
export type Subject = z.infer<typeof Subject>;

/** A node of the tree that the subject belongs to, as large as it was then. */
export const TreeNode = z.object({ kind: ScopeKind, id: z.string(), name: z.string(), minerCount: z.number().int() });
export type TreeNode = z.infer<typeof TreeNode>;

export const Quiet = z.enum(["maintenance", "silence"]);
export type Quiet = z.infer<typeof Quiet>;

const incidentId = z.string();
const by = z.string();
export const LogEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("fired"),
    atMs: instant,
    ruleId: z.string(),
    cause: z.string(), // kind of the condition
    family: Family,
    severity: Severity,
    subject: Subject,
    nodes: z.array(TreeNode),
    sinceMs: instant, // the condition began
    detail: z.string(),
    beforeHs: z.number().nullable(),
    flapping: z.boolean(),
    quiet: Quiet.nullable(), // a window covers it
  }),
  z.object({ type: z.literal("resolved"), atMs: instant, ruleId: z.string(), subjectId: z.string() }),
  /** A window began or ended for a subject. */
  z.object({ type: z.literal("quiet"), atMs: instant, subjectId: z.string(), quiet: Quiet.nullable() }),
  /** Hashrate that open incidents lack now. */
  z.object({ type: z.literal("loss"), atMs: instant, lossHs: z.record(z.string(), z.number()) }),
  z.object({ type: z.literal("tick"), atMs: instant }),
  z.object({ type: z.literal("acknowledge"), atMs: instant, incidentId, by }),
  z.object({ type: z.literal("assign"), atMs: instant, incidentId, by, assignee: z.string().nullable() }),
  z.object({ type: z.literal("snooze"), atMs: instant, incidentId, by, untilMs: instant.nullable() }),
  z.object({ type: z.literal("note"), atMs: instant, incidentId, by, text: z.string() }),
  z.object({ type: z.literal("resolve"), atMs: instant, incidentId, by }),
]);
export type LogEvent = z.infer<typeof LogEvent>;
export type FiredEvent = Extract<LogEvent, { type: "fired" }>;
