import { z } from "zod";

const instant = z.number().nullable();
/** What one channel was told of one incident. */
const ToldChannel = z.object({
  /**
   * `quiet`: to be told when the quiet hours end; `closing`: of the end then; `later`: when the hours of a route begin; `heldBack`: beyond the budget, the next
   * summary tells of it; `summarised`: a summary has.
   */
  state: z.enum(["told", "quiet", "closing", "later", "heldBack", "summarised"]),
  /** The delivery that told of it among others. */
  summaryId: z.string().nullable().default(null),
  severity: z.number(), // rank, as last told
  scope: z.number(),
  shown: z.string(), // what the message at the far end says, in short
  changedAtMs: instant, // the last `changed` that was sent
  editedAtMs: instant,
  /** When to look again: whether to send `changed`, to edit, or whether the quiet hours are over or a route's hours have begun. */
  changeDueAtMs: instant,
  editDueAtMs: instant,
  quietUntilMs: instant,
});
export type ToldChannel = z.infer<typeof ToldChannel>;
/** What people were told of one incident; kept while it stands. */
export const Told = z.object({
  incidentId: z.string(),
  channels: z.record(z.string(), ToldChannel),
  escalations: z.array(z.object({ routeId: z.string(), step: z.number(), dueAtMs: z.number() })),
});
export type Told = z.infer<typeof Told>;

/** When `planDue` has something to look at; null: never. */
export function dueAtOf(told: Told): number | null {
  const ofChannels = Object.values(told.channels).flatMap((each) => [each.changeDueAtMs, each.editDueAtMs, each.quietUntilMs]);
  const all = [...ofChannels, ...told.escalations.map((each) => each.dueAtMs)].filter((atMs) => atMs !== null);
  return all.length === 0 ? null : Math.min(...all);
}
