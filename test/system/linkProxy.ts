import { inflateRawSync } from "node:zlib";
import { WebSocket, WebSocketServer, type RawData } from "ws";
import { FRAME_HEADER_BYTES, FrameBody } from "../../server/contract/agentLink.ts";

/** One polled sample as it passed by: which miner, when by the agent's clock, and how long the poll took, which tells it from all others. */
export interface PassedSample {
  readonly endpoint: string;
  readonly agentAtMs: number;
  readonly durationMs: number;
}

/** Stands between an agent and its server: sees each frame and each acknowledgement, and can cut the line in the ways in which lines are cut. */
export interface LinkProxy {
  readonly port: number;
  /** By outbox id and sequence number; a frame that was sent again appears once. */
  readonly frames: ReadonlyMap<string, readonly PassedSample[]>;
  /** Highest acknowledged sequence number by outbox id. */
  readonly acked: ReadonlyMap<string, number>;
  /** false: connections are refused at once; true: they pass. */
  setOpen(open: boolean): void;
  /** Nothing passes any more and nobody is told: a cable pulled without a FIN. */
  setSilent(silent: boolean): void;
  close(): Promise<void>;
}

export async function startLinkProxy(serverPort: () => number): Promise<LinkProxy> {
  const frames = new Map<string, readonly PassedSample[]>();
  const acked = new Map<string, number>();
  let open = true;
  let silent = false;
  const listener = new WebSocketServer({ host: "127.0.0.1", port: 0, autoPong: false, maxPayload: 64 << 20 });
  await new Promise((resolve) => listener.once("listening", resolve));
  listener.on("connection", (agentSide, request) => {
    if (!open) {
      agentSide.terminate();
      return;
    }
    const serverSide = new WebSocket(`ws://127.0.0.1:${serverPort()}${request.url ?? ""}`, {
      autoPong: false,
      maxPayload: 64 << 20,
      origin: undefined,
    });
    pass(agentSide, serverSide, (data, binary) => binary && noteFrame(data));
    pass(serverSide, agentSide, (data, binary) => !binary && noteAck(data));
  });

  function pass(from: WebSocket, to: WebSocket, note: (data: Buffer, binary: boolean) => unknown): void {
    const waiting: (() => void)[] = [];
    const forward = (send: () => void) => {
      if (silent) return;
      if (to.readyState === WebSocket.CONNECTING) waiting.push(send);
      else if (to.readyState === WebSocket.OPEN) send();
    };
    to.once("open", () => waiting.splice(0).forEach((send) => send()));
    from.on("message", (data: RawData, binary) => {
      const bytes = data as Buffer;
      if (silent) return;
      note(bytes, binary);
      forward(() => to.send(bytes, { binary }));
    });
    from.on("ping", (data) => forward(() => to.ping(data)));
    from.on("pong", (data) => forward(() => to.pong(data)));
    from.on("close", () => silent || to.terminate());
    from.on("error", () => silent || to.terminate());
  }

  function noteFrame(data: Buffer): void {
    const outboxId = data.subarray(1, 17).toString("hex");
    const key = `${outboxId}/${data.readBigUInt64BE(17)}`;
    if (frames.has(key)) return;
    const body = FrameBody.parse(JSON.parse(inflateRawSync(data.subarray(FRAME_HEADER_BYTES)).toString()));
    frames.set(
      key,
      body.entries.flatMap((entry) =>
        entry.kind === "sample"
          ? [{ endpoint: `${entry.address}:${entry.port}`, agentAtMs: entry.sample.agentAtMs, durationMs: entry.sample.durationMs }]
          : [],
      ),
    );
  }

  function noteAck(data: Buffer): void {
    const message = JSON.parse(data.toString()) as { type: string; outboxId: string; seq: number };
    if (message.type !== "ack") return;
    const outboxId = message.outboxId.replaceAll("-", "");
    acked.set(outboxId, Math.max(acked.get(outboxId) ?? -1, message.seq));
  }

  const address = listener.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    frames,
    acked,
    setOpen: (value) => {
      open = value;
      if (!value) for (const socket of listener.clients) socket.terminate();
    },
    setSilent: (value) => {
      silent = value;
      if (!value) for (const socket of listener.clients) socket.terminate();
    },
    close: async () => {
      for (const socket of listener.clients) socket.terminate();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
