import type { Silence, SilenceBody } from "../../../../server/contract/incidents.ts";
import { inputOfInstant, instantOfInput, instantProblem } from "../instantInput.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A window as it is typed. */
export interface SilenceDraft {
  readonly name: string;
  readonly kind: SilenceBody["kind"];
  readonly isCron: boolean;
  readonly from: string;
  readonly to: string;
  readonly cron: string;
  readonly minutes: string;
  readonly scope: SilenceBody["scope"];
  readonly note: string;
  readonly enabled: boolean;
}

/** null: a new one, from now on for two hours. */
export function silenceDraftOf(silence: Silence | null, nowMs: number): SilenceDraft {
  const fresh = { isCron: false, from: inputOfInstant(nowMs), to: inputOfInstant(nowMs + 2 * HOUR_MS), cron: "0 2 * * 0", minutes: "120" };
  if (silence === null)
    return { ...fresh, name: "", kind: "maintenance", scope: { siteIds: [], rackIds: [], tags: [] }, note: "", enabled: true };
  const { name, kind, when, scope, note, enabled } = silence;
  const typed =
    when.kind === "cron"
      ? { isCron: true, cron: when.cron, minutes: String(when.durationMs / MINUTE_MS) }
      : { from: inputOfInstant(when.fromMs), to: inputOfInstant(when.toMs) };
  return { ...fresh, ...typed, name, kind, scope, note, enabled };
}

/** What the server is sent, or what is wrong with what was typed, by the names that the server gives the fields. */
export function silenceBodyOf(draft: SilenceDraft): {
  readonly body: SilenceBody | null;
  readonly problems: Readonly<Record<string, string>>;
} {
  const { name, kind, scope, note, enabled } = draft;
  const problems: Record<string, string> = {};
  if (name.trim() === "") problems["name"] = "A window needs a name";
  const when = draft.isCron ? cronWhen(draft, problems) : onceWhen(draft, problems);
  const body = { name: name.trim(), kind, scope, when, note, enabled };
  return { body: Object.keys(problems).length === 0 ? body : null, problems };
}

function cronWhen({ cron, minutes }: SilenceDraft, problems: Record<string, string>): SilenceBody["when"] {
  const value = Number(minutes.trim().replace(",", "."));
  if (minutes.trim() === "" || !(value >= 1 && value <= 7 * 24 * 60)) problems["when.durationMs"] = "Between 1 minute and 10,080, a week";
  if (cron.trim() === "") problems["when.cron"] = "Five fields: minute, hour, day of month, month, day of week";
  return { kind: "cron", cron: cron.trim(), durationMs: Math.round(value * MINUTE_MS) };
}

function onceWhen({ from, to }: SilenceDraft, problems: Record<string, string>): SilenceBody["when"] {
  const [fromMs, toMs] = [instantOfInput(from), instantOfInput(to)];
  if (fromMs === null) problems["when.fromMs"] = instantProblem(from);
  if (toMs === null) problems["when.toMs"] = instantProblem(to);
  return { kind: "once", fromMs: fromMs ?? 0, toMs: toMs ?? 0 };
}
