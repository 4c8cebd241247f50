import { freePort, startProgram, type Program } from "../system/program.ts";

/** `hashwatch emulate` in a process of its own. */
export interface EmulatedFleet {
  readonly program: Program;
  readonly firstAddress: string;
  readonly lastAddress: string;
  readonly port: number;
  readonly range: string; // as the commands take it
  inject(event: Record<string, unknown>): void;
}

/** Starts `count` miners on consecutive addresses and waits until all listen. */
export async function startEmulated(count: number, firstAddress: string): Promise<EmulatedFleet> {
  const port = await freePort();
  const program = startProgram(["emulate", "--miners", String(count), "--address", firstAddress, "--port", String(port)]);
  await program.until(({ stdout }) => (stdout.includes('"ready"') ? true : null), 120_000);
  const lastAddress = addressAfter(firstAddress, count - 1);
  return {
    program,
    firstAddress,
    lastAddress,
    port,
    range: `${firstAddress}-${lastAddress}:${port}`,
    inject: (event) => void program.stdin.write(`${JSON.stringify(event)}\n`),
  };
}

export function addressAfter(address: string, offset: number): string {
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) + offset;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}
