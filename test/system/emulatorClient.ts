import { connect } from "node:net";
import { systemClock } from "../emulator/clock.ts";
import type { EmulatorOptions } from "../emulator/emulator.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { startEmulator } from "../emulator/emulator.ts";

/** How one connection ended. `text` holds every byte as latin1, the NUL included. */
export type Ending =
  | { readonly kind: "closed" | "reset"; readonly text: string }
  | { readonly kind: "refused"; readonly text: "" }
  | { readonly kind: "silent"; readonly text: string }; // nothing more within the time

/** Sends the bytes of one request and waits for the other side to end the connection, at most `waitMs`. */
export function exchange(at: { address: string; port: number }, request: string, waitMs = 5000): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: at.address, port: at.port, autoSelectFamily: false });
    let text = "";
    const timer = setTimeout(() => end({ kind: "silent", text }), waitMs);
    const end = (ending: Ending): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(ending);
    };
    socket.setEncoding("latin1");
    socket.on("connect", () => socket.write(request));
    socket.on("data", (chunk: string) => (text += chunk));
    socket.on("end", () => end({ kind: "closed", text }));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") end({ kind: "refused", text: "" });
      else if (error.code === "ECONNRESET") end({ kind: "reset", text });
      else {
        clearTimeout(timer);
        reject(error);
      }
    });
  });
}

/** The answer to a JSON command, without its NUL. */
export async function ask(emulator: Emulator, index: number, request: Record<string, unknown> | string): Promise<string> {
  const body = typeof request === "string" ? request : JSON.stringify(request);
  const { text } = await exchange(emulator.endpoints[index], body);
  return text.replace(/\0$/, "");
}

/** The data row of a stats answer, repaired where the firmware forgot its comma. */
export async function statsOf(emulator: Emulator, index: number): Promise<Record<string, unknown>> {
  const text = await ask(emulator, index, { command: "stats" });
  const { STATS } = JSON.parse(text.replace("}{", "},{")) as { STATS: Record<string, unknown>[] };
  return STATS[1];
}

export async function poolsOf(emulator: Emulator, index: number): Promise<Record<string, unknown>[]> {
  const { POOLS } = JSON.parse(await ask(emulator, index, { command: "pools" })) as { POOLS: Record<string, unknown>[] };
  return POOLS;
}

/** A clock that a test moves; what waits for it is done when the emulator is told to settle. */
export class TestClock {
  nowMs = Date.UTC(2025, 5, 1, 12);

  async advance(emulator: Emulator, byMs: number): Promise<void> {
    this.nowMs += byMs;
    await emulator.settle();
  }
}

/** An emulator on a free port whose time stands still until the test moves it. */
export async function startStill(options: EmulatorOptions): Promise<{ emulator: Emulator; clock: TestClock }> {
  const clock = new TestClock();
  const emulator = await startEmulator({ port: 0, webPort: 0, clock: { ...systemClock, nowMs: () => clock.nowMs }, ...options });
  return { emulator, clock };
}
