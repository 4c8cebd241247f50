import { createServer } from "node:net";

/** Where one emulated miner answers. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** What the emulator was asked for cannot be done; the message says what to change. */
export class EmulatorError extends Error {
  override name = "EmulatorError";
}

/** The address `offset` after a dotted IPv4 address. */
export function addressAfter(address: string, offset: number): string {
  const value = numberOf(address) + offset;
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join(".");
}

function numberOf(address: string): number {
  const parts = address.split(".").map(Number);
  return ((parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3]) >>> 0;
}

/** Throws EmulatorError unless all `count` addresses are loopback ones: an emulator must not be reachable from outside. */
export function checkLoopback(address: string, count: number): void {
  if (!/^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(address))
    throw new EmulatorError(`The emulator listens on loopback only: expected an address in 127.0.0.0/8, got "${address}"`);
  if (numberOf(address) + count - 1 > numberOf("127.255.255.254"))
    throw new EmulatorError(`${count} addresses from ${address} on run past the end of 127.0.0.0/8`);
}

/** Whether sockets can be bound to that address here. Not every system routes the whole of 127.0.0.0/8. */
export function canBind(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}
