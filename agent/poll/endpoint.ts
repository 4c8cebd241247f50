import type { Endpoint } from "./ports.ts";

/** `10.0.3.17:4028`, `[fd00::5]:4028`: the name of an endpoint in logs, maps and messages. */
export function endpointKey({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** FNV-1a with a final mix, 32 bits unsigned: neighbouring addresses land far apart, the same one always in the same place. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
