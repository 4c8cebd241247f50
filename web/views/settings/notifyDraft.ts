import type { NotificationSettings } from "../../../server/contract/channels.ts";
import { ApiError } from "../../api/request.ts";

/** What is typed in the form of the notification settings. */
export interface NotifyDraft {
  /** One pattern a line. */
  readonly targets: string;
  /** Empty: no heartbeat. */
  readonly url: string;
  readonly intervalS: string;
  readonly allowPrivate: boolean;
}

const DEFAULT_INTERVAL_S = 60;
const [LEAST_S, MOST_S] = [10, 86_400];

export function notifyDraftOf({ allowedTargets, heartbeat }: NotificationSettings): NotifyDraft {
  return {
    targets: allowedTargets.join("\n"),
    url: heartbeat?.url ?? "",
    intervalS: String(heartbeat === null ? DEFAULT_INTERVAL_S : heartbeat.intervalMs / 1000),
    allowPrivate: heartbeat?.allowPrivate ?? false,
  };
}

/** One pattern a line, or with commas between them. */
function targetsOf({ targets }: NotifyDraft): string[] {
  return targets.split(/[\n,]/).flatMap((line) => line.trim() || []);
}

/** Which of the targets the server refused, and why; null where it was none of them. */
export function targetProblem(error: Error | null, draft: NotifyDraft): string | null {
  const place = error instanceof ApiError ? /^allowedTargets\.(\d+)$/.exec(error.field ?? "") : null;
  if (error === null || place === null) return null;
  return `“${targetsOf(draft)[Number(place[1])] ?? ""}”: ${error.message.replace(/^allowedTargets\.\d+: /, "")}`;
}

/** The settings that the draft stands for; null with what is wrong, by field, where it cannot be read. */
export function notifySettingsOf(draft: NotifyDraft): {
  settings: NotificationSettings | null;
  problems: Readonly<Record<string, string>>;
} {
  const allowedTargets = targetsOf(draft);
  const url = draft.url.trim();
  if (url === "") return { settings: { allowedTargets, heartbeat: null }, problems: {} };
  const seconds = draft.intervalS.trim() === "" ? Number.NaN : Number(draft.intervalS.trim().replace(",", "."));
  if (!(seconds >= LEAST_S && seconds <= MOST_S))
    return {
      settings: null,
      problems: { "heartbeat.intervalMs": `Between ${LEAST_S} s and a day (${MOST_S} s), not “${draft.intervalS}”` },
    };
  return {
    settings: { allowedTargets, heartbeat: { url, intervalMs: Math.round(seconds * 1000), allowPrivate: draft.allowPrivate } },
    problems: {},
  };
}
