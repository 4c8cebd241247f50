import { connect, type Socket } from "node:net";
import { Wait } from "./deadlines.ts";

/** Who holds a line, and is told what happens on it. */
export interface LineHolder {
  readonly connected: () => void;
  /** So many bytes came, at the start of the shared buffer; what is to last longer than the call is copied. */
  readonly read: (byteCount: number) => void;
  readonly broke: (error: NodeJS.ErrnoException) => void;
  readonly ended: () => void;
  readonly late: () => void; // the deadline of connection or reply is over
  readonly idle: () => void;
}

const NOTHING = (): void => undefined;
const NOBODY: LineHolder = { connected: NOTHING, read: NOTHING, broke: NOTHING, ended: NOTHING, late: NOTHING, idle: NOTHING };

/** Closed sockets that are kept for later connections. More are rarely under way at once. */
const MAX_FREE_LINES = 512;

/** Lines of one client, and the buffer into which all of them read. */
export class Lines {
  private readonly free: Line[] = [];
  private readonly buffer: Buffer;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  take(): Line {
    return this.free.pop() ?? new Line(this.buffer, (line) => this.giveBack(line));
  }

  private giveBack(line: Line): void {
    if (this.free.length < MAX_FREE_LINES) this.free.push(line);
  }
}

/**
 * A socket for one connection after another, with the waits that belong to it. To make a socket costs Node 12 µs of the 30 that it spends on a
 * connection, so one whose connection went well connects anew once it has closed, as `socket.connect` allows; after any trouble it is dropped.
 */
export class Line {
  readonly deadline = new Wait(() => this.holder.late());
  readonly idleness = new Wait(() => this.holder.idle());
  private readonly buffer: Buffer;
  private readonly reusable: (line: Line) => void;
  private socket: Socket | null = null;
  private holder: LineHolder = NOBODY;
  private isReusable = false;
  private closed: () => void = NOTHING;

  constructor(buffer: Buffer, reusable: (line: Line) => void) {
    this.buffer = buffer;
    this.reusable = reusable;
  }

  /** Connects to a literal IP. */
  connect({ address, port }: { readonly address: string; readonly port: number }, holder: LineHolder): void {
    this.holder = holder;
    this.isReusable = false;
    if (this.socket === null) this.socket = this.open(address, port);
    else this.socket.connect({ host: address, port, autoSelectFamily: false });
  }

  write(text: string): void {
    this.socket?.write(text, "latin1");
  }

  /** Hangs up; the holder hears nothing more. Calls `closed` once the socket has closed, which it does before the turn of the event loop ends. */
  leave({ isReusable, closed }: { readonly isReusable: boolean; readonly closed: () => void }): void {
    this.deadline.end();
    this.idleness.end();
    this.holder = NOBODY;
    this.isReusable = isReusable;
    this.closed = closed;
    this.socket?.destroy();
  }

  private open(address: string, port: number): Socket {
    const socket = connect({
      host: address,
      port,
      autoSelectFamily: false,
      onread: {
        buffer: this.buffer,
        callback: (byteCount) => {
          this.holder.read(byteCount);
          return true;
        },
      },
    });
    socket.on("connect", () => this.holder.connected());
    socket.on("error", (error: NodeJS.ErrnoException) => this.holder.broke(error));
    socket.on("end", () => this.holder.ended());
    socket.on("close", () => this.hasClosed());
    return socket;
  }

  private hasClosed(): void {
    this.holder.ended();
    const { closed } = this;
    this.closed = NOTHING;
    if (this.isReusable) this.reusable(this);
    closed();
  }
}
