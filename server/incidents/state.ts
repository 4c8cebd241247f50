import { z } from "zod";
import { IncidentNote, IncidentState, PlacementNode, ScopeKind, Severity, SEVERITIES, TimelineEntry } from "../contract/incidents.ts";
import { Family, Quiet, Subject, TreeNode } from "./log.ts";

const instant = z.number().int();

const MemberAlert = z.object({
  ruleId: z.string(),
  cause: z.string(),
  severity: Severity,
  detail: z.string(),
  sinceMs: instant,
  flapping: z.boolean(),
});

/** Somebody with alerts of one family, gathering or in an incident. */
export const Member = z.object({
  subject: Subject,
  nodes: z.array(TreeNode),
  alerts: z.array(MemberAlert), // that fire now
  last: MemberAlert, // fired last
  sinceMs: instant, // the first condition began
  joinedAtMs: instant,
  leftAtMs: instant.nullable(),
  beforeHs: z.number().nullable(),
  quiet: Quiet.nullable(),
});
export type Member = z.infer<typeof Member>;

/** Alerts of one site and family that wait to be placed. */
export const Pool = z.object({
  siteId: z.string().nullable(),
  family: Family,
  firstAtMs: instant,
  lastAtMs: instant,
  members: z.array(Member),
});
export type Pool = z.infer<typeof Pool>;

export const GatheredIncident = z.object({
  id: z.string(),
  family: Family,
  state: IncidentState,
  severity: Severity,
  scope: z.object({ kind: ScopeKind, id: z.string(), name: z.string(), minerCount: z.number().int() }),
  siteId: z.string().nullable(),
  openedAtMs: instant,
  closedAtMs: instant.nullable(),
  clearSinceMs: instant.nullable(), // since when nobody is a member
  lastJoinAtMs: instant,
  members: z.array(Member),
  lossHs: z.number(),
  lostHashes: z.number(),
  countedAtMs: instant, // up to when lostHashes counts
  acknowledgedBy: z.string().nullable(),
  assignee: z.string().nullable(),
  snoozedUntilMs: instant.nullable(),
  quiet: Quiet.nullable(), // a window covers every member
  untold: z.boolean(), // it opened while nobody was to be told
  mergedIntoId: z.string().nullable(),
  placement: z.array(PlacementNode),
  notes: z.array(IncidentNote),
  timeline: z.array(TimelineEntry),
});
export type GatheredIncident = z.infer<typeof GatheredIncident>;

/** All that the log has made so far and that can still change. Plain data: written as JSON and read back. */
export const GatheredState = z.object({
  nextNumber: z.number().int(),
  pools: z.array(Pool),
  incidents: z.array(GatheredIncident), // those that are not closed
});
export type GatheredState = z.infer<typeof GatheredState>;

export const emptyState = (): GatheredState => ({ nextNumber: 1, pools: [], incidents: [] });

export const isFiring = ({ alerts }: Member): boolean => alerts.length > 0;

export function worstOf(severities: readonly Severity[]): Severity {
  return SEVERITIES[Math.max(0, ...severities.map((severity) => SEVERITIES.indexOf(severity)))];
}

export const isWorse = (a: Severity, b: Severity): boolean => SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b);
