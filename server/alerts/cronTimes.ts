import { createTask, parse, validateDetailed } from "node-cron";
import { ChangeError } from "../fleet/changeError.ts";

const DAYS_AHEAD = 366;
const DAYS_BACK = 8;

/** Throws ChangeError that says which field of an expression is wrong. */
export function requireCron(cron: string, field: string): void {
  const fieldCount = cron.trim().split(/\s+/).length;
  if (fieldCount !== 5)
    throw new ChangeError(
      "invalid",
      `cron: five fields are needed (minute, hour, day of month, month, day of week), not ${fieldCount}`,
      field,
    );
  const { valid, errors } = validateDetailed(cron);
  if (!valid) throw new ChangeError("invalid", `cron: ${errors[0].field} cannot be ${errors[0].value ?? cron}`, field);
}

/** The last instant up to `nowMs` at which the expression holds, at most a week back, in the server's local time; null: none. */
export function lastBegin(cron: string, nowMs: number): number | null {
  for (let day = 0; day >= -DAYS_BACK; day--) {
    const last = beginsOf(cron, nowMs, day).findLast((atMs) => atMs <= nowMs);
    if (last !== undefined) return last;
  }
  return null;
}

/** The first instant after `nowMs` at which the expression holds, at most a year ahead; null: none. */
export function nextBegin(cron: string, nowMs: number): number | null {
  for (let day = 0; day <= DAYS_AHEAD; day++) {
    const next = beginsOf(cron, nowMs, day).find((atMs) => atMs > nowMs);
    if (next !== undefined) return next;
  }
  return null;
}

/** All begins of the day that lies so many days from now. Whether a day fits is the same at each of its minutes, so that one is asked for. */
function beginsOf(cron: string, nowMs: number, day: number): number[] {
  const { hour, minute } = parse(cron);
  const now = new Date(nowMs);
  const at = (h: number, m: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + day, h, m);
  const task = createTask(cron, () => undefined);
  try {
    if (!task.match(at(hour[0], minute[0]))) return [];
    return hour.flatMap((h) => minute.map((m) => at(h, m).getTime()));
  } finally {
    void task.destroy();
  }
}
