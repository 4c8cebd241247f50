import { z } from "zod";
import { Silence, SilenceBody, type SilencePatch } from "../contract/incidents.ts";
import { ChangeError } from "../fleet/changeError.ts";
import type { Directory } from "../fleet/directory.ts";
import type { Miner } from "../fleet/miner.ts";
import { createSerial, mirrorChange, RecordMirror, writeThrough } from "../fleet/recordMirror.ts";
import { newId } from "../fleet/secrets.ts";
import type { Quiet } from "../incidents/log.ts";
import type { RecordStore } from "../store/store.ts";
import { lastBegin, nextBegin, requireCron } from "./cronTimes.ts";

const MINUTE_MS = 60_000;
const SILENCES_MAX = 1000;
const StoredSilence = Silence.omit({ active: true, endsAtMs: true, startsAtMs: true });
type StoredSilence = z.infer<typeof StoredSilence>;
/** When a window is open. */
interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SilenceParts {
  readonly records: RecordStore;
  readonly directory: Pick<Directory, "site" | "racks">;
  readonly clock: () => number; // epoch ms
}

export async function openSilences(parts: SilenceParts): Promise<Silences> {
  const mirror = new RecordMirror("silence", StoredSilence);
  await mirror.reload(parts.records);
  return new Silences(parts, mirror);
}

/** Quiet and maintenance windows: which are open, and whom they cover. Changes reject with ChangeError where they make no sense. */
export class Silences {
  readonly #parts: SilenceParts;
  readonly #mirror: RecordMirror<StoredSilence>;
  readonly #serial = createSerial();
  /** Windows of recurring silences that are open, or the last that was; by id. */
  readonly #windows = new Map<string, Window>();
  #checkedMinute = -1;
  #activeIds: string[] = [];
  #isChanged = true;

  constructor(parts: SilenceParts, mirror: RecordMirror<StoredSilence>) {
    this.#parts = parts;
    this.#mirror = mirror;
  }

  /** Looks at the clock. True where windows opened, closed or were changed since the last time. */
  tick(nowMs: number): boolean {
    this.#findWindows(nowMs);
    const activeIds = this.#mirror.values().flatMap((silence) => (this.#isActive(silence, nowMs) ? [silence.id] : []));
    const changed = this.#isChanged || activeIds.join() !== this.#activeIds.join();
    this.#activeIds = activeIds;
    this.#isChanged = false;
    return changed;
  }

  /** What covers a machine now; maintenance says more than a silence. */
  quietOf(miner: Pick<Miner, "siteId" | "rackId" | "tags">, nowMs: number): Quiet | null {
    return this.covers(miner, nowMs);
  }

  covers(
    place: { readonly siteId: string; readonly rackId: string | null; readonly tags: readonly string[] },
    nowMs: number,
  ): Quiet | null {
    let quiet: Quiet | null = null;
    for (const silence of this.#mirror.values()) {
      if (!this.#isActive(silence, nowMs) || !isWithin(silence.scope, place)) continue;
      if (silence.kind === "maintenance") return "maintenance";
      quiet = "silence";
    }
    return quiet;
  }

  list(nowMs: number): Silence[] {
    return this.#mirror.values().map((silence) => this.#shown(silence, nowMs));
  }

  get(id: string, nowMs: number): Silence | null {
    const silence = this.#mirror.get(id);
    return silence === null ? null : this.#shown(silence, nowMs);
  }

  create(body: SilenceBody, createdBy: string): Promise<Silence> {
    return this.#serial(async () => {
      if (this.#mirror.size >= SILENCES_MAX)
        throw new ChangeError("conflict", `There are ${SILENCES_MAX} silences already, which is the limit`);
      this.#requireSound(body);
      const createdAtMs = this.#parts.clock();
      const silence = { id: newId(), ...body, createdBy, createdAtMs };
      await this.#write(silence.id, silence);
      return this.#shown(silence, createdAtMs);
    });
  }

  change(id: string, patch: SilencePatch): Promise<Silence | null> {
    return this.#serial(async () => {
      const silence = this.#mirror.get(id);
      if (silence === null) return null;
      const changed = StoredSilence.parse({ ...silence, ...patch });
      this.#requireSound(changed);
      await this.#write(id, changed);
      return this.#shown(changed, this.#parts.clock());
    });
  }

  remove(id: string): Promise<boolean> {
    return this.#serial(async () => {
      if (this.#mirror.get(id) === null) return false;
      await this.#write(id, null);
      return true;
    });
  }

  async #write(id: string, silence: StoredSilence | null): Promise<void> {
    await writeThrough(this.#parts.records, [mirrorChange(this.#mirror, id, silence)]);
    this.#windows.delete(id);
    this.#checkedMinute = -1;
    this.#isChanged = true;
  }

  #requireSound({ when, scope }: SilenceBody): void {
    if (when.kind === "once" && when.toMs <= when.fromMs)
      throw new ChangeError("invalid", "toMs: the window must end after it begins", "when.toMs");
    if (when.kind === "cron") requireCron(when.cron, "when.cron");
    const unknownSite = scope.siteIds.find((id) => this.#parts.directory.site(id) === null);
    if (unknownSite !== undefined) throw new ChangeError("invalid", `There is no site ${unknownSite}`, "scope.siteIds");
    const racks = new Set(this.#parts.directory.racks().map(({ id }) => id));
    const unknownRack = scope.rackIds.find((id) => !racks.has(id));
    if (unknownRack !== undefined) throw new ChangeError("invalid", `There is no rack ${unknownRack}`, "scope.rackIds");
  }

  #isActive({ id, when, enabled }: StoredSilence, nowMs: number): boolean {
    if (!enabled) return false;
    const window = when.kind === "once" ? when : this.#windows.get(id);
    return window !== undefined && window.fromMs <= nowMs && nowMs < window.toMs;
  }

  /** Once a minute: which recurring window began last? */
  #findWindows(nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === this.#checkedMinute) return;
    this.#checkedMinute = minute;
    for (const { id, when } of this.#mirror.values()) {
      const fromMs = when.kind === "cron" ? lastBegin(when.cron, nowMs) : null;
      if (fromMs !== null && when.kind === "cron") this.#windows.set(id, { fromMs, toMs: fromMs + when.durationMs });
    }
  }

  #shown(silence: StoredSilence, nowMs: number): Silence {
    this.#findWindows(nowMs);
    const active = this.#isActive(silence, nowMs);
    const { when } = silence;
    const window = when.kind === "once" ? when : this.#windows.get(silence.id);
    if (active && window !== undefined) return { ...silence, active, startsAtMs: window.fromMs, endsAtMs: window.toMs };
    const next = silence.enabled ? nextWindow(when, nowMs) : null;
    return { ...silence, active, startsAtMs: next?.fromMs ?? null, endsAtMs: next?.toMs ?? null };
  }
}

function isWithin(
  scope: SilenceBody["scope"],
  { siteId, rackId, tags }: { readonly siteId: string; readonly rackId: string | null; readonly tags: readonly string[] },
): boolean {
  const lower = new Set(tags.map((tag) => tag.toLowerCase()));
  return (
    (scope.siteIds.length === 0 || scope.siteIds.includes(siteId)) &&
    (scope.rackIds.length === 0 || (rackId !== null && scope.rackIds.includes(rackId))) &&
    (scope.tags.length === 0 || scope.tags.some((tag) => lower.has(tag.toLowerCase())))
  );
}

function nextWindow(when: SilenceBody["when"], nowMs: number): Window | null {
  if (when.kind === "once") return when.fromMs > nowMs ? when : null;
  const fromMs = nextBegin(when.cron, nowMs);
  return fromMs === null ? null : { fromMs, toMs: fromMs + when.durationMs };
}
