import { io, type Socket } from "socket.io-client";
import type { FleetIdentity, LiveIdentity, MinerDetail } from "../../server/contract/api.ts";
import { decodeDelta, decodeSnapshot } from "../../server/contract/packed.ts";
import type { Fleet } from "./fleet.ts";

/** A server that does not come back within this is called offline rather than reconnecting. */
const OFFLINE_AFTER_MS = 30_000;
/** While connected, silence longer than this means that what is shown can no longer be called live. */
const SILENT_AFTER_MS = 15_000;
const ACKNOWLEDGE_TIMEOUT_MS = 10_000;
/** A watch lapses on the agent after 60 s unless repeated. */
const WATCH_REPEAT_MS = 30_000;

export type LinkState = "connecting" | "live" | "reconnecting" | "offline" | "signedOut";

export interface LinkOptions {
  readonly fleet: Fleet;
  readonly loadIdentity: () => Promise<FleetIdentity>;
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

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#socket = io("/live", { transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 5000, autoConnect: false });
    this.#socket.on("connect", () => void this.#subscribe(true));
    this.#socket.on("connect_error", () => this.#lost());
    this.#socket.on("disconnect", (reason) => reason !== "io client disconnect" && this.#lost());
    this.#socket.on("snapshot", (packed: ArrayBuffer) => this.#takeSnapshot(packed));
    this.#socket.on("delta", (packed: ArrayBuffer) => this.#takeDelta(packed));
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
   * One miner at about 2 s: `onDetail` gets the whole record at each change. Uses a connection of its own, so that the fleet's subscription
   * and its totals stay as they are. Returns the function that ends it.
   */
  watchMiner(minerId: string, onDetail: (detail: MinerDetail) => void): () => void {
    const socket = io("/live", { transports: ["websocket"], forceNew: true, reconnectionDelayMax: 5000 });
    const watch = (): void => void socket.emit("watch", { minerId });
    socket.on("connect", () => {
      socket.emit("subscribe", { scope: { minerId }, columns: [] }, () => undefined);
      watch();
    });
    socket.on("miner", onDetail);
    const repeat = window.setInterval(watch, WATCH_REPEAT_MS);
    return () => {
      window.clearInterval(repeat);
      socket.emit("unwatch", { minerId });
      socket.disconnect();
    };
  }

  async #subscribe(fresh: boolean): Promise<void> {
    try {
      const answer = (await this.#socket
        .timeout(ACKNOWLEDGE_TIMEOUT_MS)
        .emitWithAck("subscribe", { scope: {}, columns: [] })) as Acknowledgement;
      if (!answer.ok) {
        this.#lost();
        return;
      }
      if (fresh) await this.#loadIdentity();
    } catch {
      // No acknowledgement or no identity: begin again with a new connection, which the back-off of socket.io spaces out.
      if (this.#socket.connected) this.retry();
    }
  }

  async #loadIdentity(): Promise<void> {
    this.#heldChanges = [];
    try {
      this.#options.fleet.takeIdentity(await this.#options.loadIdentity());
      for (const change of this.#heldChanges) this.#options.fleet.takeIdentityChange(change);
    } finally {
      this.#heldChanges = null;
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
    this.#awaitsSnapshot = true;
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
    window.setTimeout(() => this.#socket.connect(), 2000);
  }

  #setState(state: LinkState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}
