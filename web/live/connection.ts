import { io, type Socket } from "socket.io-client";
import type { FleetIdentity, LiveIdentity } from "../../server/contract/api.ts";
import type { Incident, LiveIncident } from "../../server/contract/incidents.ts";
import type { LiveAgents, LiveBackfill, LiveExtraColumn, LiveMiner, WatchPace } from "../../server/contract/live.ts";
import { decodeDelta, decodeSnapshot } from "../../server/contract/packed.ts";
import type { Fleet } from "./fleet.ts";

/** A server that does not come back within this is called offline rather than reconnecting. */
const OFFLINE_AFTER_MS = 30_000;
/** The server pings every 25 s where it has no news: silence longer than this means that what is shown can no longer be called live. */
const SILENT_AFTER_MS = 35_000;
const ACKNOWLEDGE_TIMEOUT_MS = 10_000;
const RETRY_MS = 2000;

export type LinkState = "connecting" | "live" | "reconnecting" | "offline" | "signedOut";

export interface LinkOptions {
  readonly fleet: Fleet;
  readonly loadIdentity: (siteId: string | null) => Promise<FleetIdentity>;
  /** The server refused the connection: asks whether anybody is still signed in. */
  readonly checkSession: () => Promise<"signedIn" | "signedOut" | "unreachable">;
}

interface Acknowledgement {
  readonly ok: boolean;
  readonly problem?: string;
}

/** Keeps the fleet fed over socket.io: subscribes, follows deltas, asks anew after a gap, says how the connection stands. */
export class FleetLink {
  state: LinkState = "connecting";
  /** Local time at which the connection was lost; null while it stands. */
  lostSinceMs: number | null = null;
  readonly #socket: Socket;
  readonly #options: LinkOptions;
  #listeners = new Set<() => void>();
  #offlineTimer: number | undefined;
  #silenceTimer: number | undefined;
  /** Identity changes that arrive while the whole identity is on its way, to be applied on top of it. */
  #heldChanges: LiveIdentity[] | null = null;
  /** A gap was seen and a fresh snapshot asked for: deltas on the way are of no use. */
  #awaitsSnapshot = false;
  #siteId: string | null = null;
  /** What each view wants beyond the columns that everybody gets. */
  #wanted = new Map<object, readonly LiveExtraColumn[]>();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#socket = io("/live", { transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 5000, autoConnect: false });
    this.#socket.on("connect", () => void this.#subscribe(true));
    this.#socket.on("connect_error", () => this.#lost());
    this.#socket.on("disconnect", (reason) => reason !== "io client disconnect" && this.#lost());
    this.#socket.on("snapshot", (packed: ArrayBuffer) => this.#takeSnapshot(packed));
    this.#socket.on("delta", (packed: ArrayBuffer) => this.#takeDelta(packed));
    this.#socket.io.on("ping", () => this.state === "live" && this.#heard());
    this.#socket.on("identity", (change: LiveIdentity) => this.#takeIdentityChange(change));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  connect(): void {
    this.#socket.connect();
  }

  /** Tries at once, whatever the back-off says; also after signing in again. */
  retry(): void {
    this.#socket.disconnect();
    this.#socket.connect();
  }

  close(): void {
    window.clearTimeout(this.#offlineTimer);
    window.clearTimeout(this.#silenceTimer);
    this.#socket.disconnect();
  }

  /**
   * One miner as it is polled, `fast` at about 2 s: `onMiner` gets the whole record, but for its events, at each change. Returns the function
   * that ends it. The agent goes on for as long as this connection stands.
   */
  watchMiner(minerId: string, pace: WatchPace, onMiner: (miner: LiveMiner) => void): () => void {
    const watch = (): void => void this.#socket.emit("watch", { minerId, pace });
    const receive = (miner: LiveMiner): void => {
      if (miner.id === minerId) onMiner(miner);
    };
    this.#socket.on("connect", watch);
    this.#socket.on("miner", receive);
    if (this.#socket.connected) watch();
    return () => {
      this.#socket.off("connect", watch);
      this.#socket.off("miner", receive);
      if (this.#socket.connected) this.#socket.emit("unwatch", { minerId });
    };
  }

  /** Agents and scans, first whole and then as they change, for as long as a page shows them. Returns the function that ends it. */
  followAgents(onNews: (news: LiveAgents) => void): () => void {
    let retry: number | undefined;
    const follow = async (): Promise<void> => {
      window.clearTimeout(retry);
      try {
        const { ok } = (await this.#socket.timeout(ACKNOWLEDGE_TIMEOUT_MS).emitWithAck("followAgents")) as Acknowledgement;
        if (!ok) retry = window.setTimeout(start, RETRY_MS);
      } catch {
        // The connection went: the next one begins anew.
      }
    };
    const start = (): void => void (this.#socket.connected && follow());
    this.#socket.on("connect", start);
    this.#socket.on("agents", onNews);
    start();
    return () => {
      window.clearTimeout(retry);
      this.#socket.off("connect", start);
      this.#socket.off("agents", onNews);
      if (this.#socket.connected) this.#socket.emit("unfollowAgents");
    };
  }

  /** Incidents of every site that the reader may see, as they change; `onConnected` when some changes may have been missed. Returns the function that ends it. */
  followIncidents(onChange: (incident: Incident) => void, onConnected: () => void): () => void {
    const receive = ({ incident }: LiveIncident): void => onChange(incident);
    this.#socket.on("connect", onConnected);
    this.#socket.on("incident", receive);
    if (this.#socket.connected) onConnected();
    return () => {
      this.#socket.off("connect", onConnected);
      this.#socket.off("incident", receive);
    };
  }

  /** History that came late can be read now; `onReconnected` when some of that news may have been missed. Returns the function that ends it. */
  followBackfill(onNews: (news: LiveBackfill) => void, onReconnected: () => void): () => void {
    const connected = (): void => {
      if (this.lostSinceMs !== null) onReconnected();
    };
    this.#socket.on("connect", connected);
    this.#socket.on("backfill", onNews);
    return () => {
      this.#socket.off("connect", connected);
      this.#socket.off("backfill", onNews);
    };
  }

  /** Follows one site, null for every site that the reader may see. */
  setSite(siteId: string | null): void {
    if (siteId === this.#siteId) return;
    this.#siteId = siteId;
    if (this.#socket.connected) void this.#subscribe(true);
  }

  /** Asks for further columns for as long as a view shows, sorts or filters by them. Returns the function that ends it. */
  wantColumns(columns: readonly LiveExtraColumn[]): () => void {
    const owner = {};
    this.#setWanted(() => this.#wanted.set(owner, columns));
    return () => this.#setWanted(() => this.#wanted.delete(owner));
  }

  #columns(): LiveExtraColumn[] {
    return [...new Set([...this.#wanted.values()].flat())].sort();
  }

  #setWanted(change: () => void): void {
    const before = this.#columns().join();
    change();
    if (this.#columns().join() !== before && this.#socket.connected) void this.#subscribe(false);
  }

  /** `fresh`: changes of identity may have been missed, or are those of another site. */
  async #subscribe(fresh: boolean): Promise<void> {
    this.#awaitsSnapshot = true;
    try {
      const message = { scope: this.#siteId === null ? {} : { siteId: this.#siteId }, columns: this.#columns() };
      const answer = (await this.#socket.timeout(ACKNOWLEDGE_TIMEOUT_MS).emitWithAck("subscribe", message)) as Acknowledgement;
      if (!answer.ok) throw new Error(answer.problem);
      if (fresh) await this.#loadIdentity();
    } catch {
      // Refused, no acknowledgement, or no identity: begins again, spaced out.
      this.#setLost();
      window.setTimeout(() => this.#socket.connected && void this.#subscribe(fresh), RETRY_MS);
    }
  }

  async #loadIdentity(): Promise<void> {
    const held: LiveIdentity[] = [];
    this.#heldChanges = held;
    try {
      const identity = await this.#options.loadIdentity(this.#siteId);
      if (this.#heldChanges !== held) return; // another site was picked meanwhile: its own load is under way
      this.#options.fleet.takeIdentity(identity);
      for (const change of held) this.#options.fleet.takeIdentityChange(change);
    } finally {
      if (this.#heldChanges === held) this.#heldChanges = null;
    }
  }

  #takeIdentityChange(change: LiveIdentity): void {
    if (this.#heldChanges === null) this.#options.fleet.takeIdentityChange(change);
    else this.#heldChanges.push(change);
  }

  #takeSnapshot(packed: ArrayBuffer): void {
    this.#awaitsSnapshot = false;
    this.#options.fleet.takeSnapshot(decodeSnapshot(new Uint8Array(packed)));
    this.#heard();
  }

  #takeDelta(packed: ArrayBuffer): void {
    if (this.#awaitsSnapshot) return;
    if (this.#options.fleet.takeDelta(decodeDelta(new Uint8Array(packed)))) {
      this.#heard();
      return;
    }
    void this.#subscribe(false);
  }

  #heard(): void {
    window.clearTimeout(this.#offlineTimer);
    window.clearTimeout(this.#silenceTimer);
    this.#offlineTimer = undefined;
    this.#silenceTimer = window.setTimeout(() => this.#setLost(), SILENT_AFTER_MS);
    this.lostSinceMs = null;
    this.#setState("live");
  }

  #lost(): void {
    this.#setLost();
    // Not active: the server itself refused or closed the connection, and socket.io does not try again by itself.
    if (!this.#socket.active) void this.#afterRefusal();
  }

  #setLost(): void {
    this.lostSinceMs ??= Date.now();
    this.#offlineTimer ??= window.setTimeout(() => this.#setState("offline"), OFFLINE_AFTER_MS);
    if (this.state !== "offline") this.#setState("reconnecting");
  }

  async #afterRefusal(): Promise<void> {
    const session = await this.#options.checkSession();
    if (session === "signedOut") {
      this.#setState("signedOut");
      return;
    }
    window.setTimeout(() => this.#socket.connect(), RETRY_MS);
  }

  #setState(state: LinkState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}
