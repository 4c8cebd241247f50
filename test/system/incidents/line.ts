import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** The line between an agent and its server: passes bytes on as they come, and can be cut. */
export class Line {
  readonly #server = createServer((socket) => this.#join(socket));
  readonly #ends = new Set<Socket>();
  readonly #to: () => number;
  #open = true;

  private constructor(to: () => number) {
    this.#to = to;
  }

  static async open(to: () => number): Promise<Line> {
    const line = new Line(to);
    await new Promise<void>((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** false: what is connected breaks, and nothing gets through any more. */
  setOpen(open: boolean): void {
    this.#open = open;
    if (!open) for (const end of this.#ends) end.destroy();
  }

  async close(): Promise<void> {
    this.setOpen(false);
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(agentEnd: Socket): void {
    if (!this.#open) {
      agentEnd.destroy();
      return;
    }
    const serverEnd = connect({ host: "127.0.0.1", port: this.#to(), noDelay: true });
    agentEnd.setNoDelay(true);
    for (const [end, other] of [
      [agentEnd, serverEnd],
      [serverEnd, agentEnd],
    ]) {
      this.#ends.add(end);
      end.pipe(other);
      end.on("error", () => other.destroy());
      end.on("close", () => {
        this.#ends.delete(end);
        other.destroy();
      });
    }
  }
}
