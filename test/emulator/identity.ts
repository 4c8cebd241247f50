import { hash32 } from "./random.ts";

/** A locally administered MAC address, the same for the life of the machine. */
export function macOf(seed: number): string {
  const bytes = [0x02, hash32(seed, 200) & 255, hash32(seed, 201) & 255, hash32(seed, 202) & 255, hash32(seed, 203) & 255, seed & 255];
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(":");
}

/** Seventeen letters and digits, as long as the serial numbers of real machines. */
export function serialOf(seed: number): string {
  const letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
  let text = "EMUL";
  for (let i = 0; i < 13; i++) text += letters[hash32(seed, 300 + i) % letters.length];
  return text;
}

/** The worker name of a machine: where it stands in the farm, 48 to a rack. */
export function workerOf(index: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `farm.r${String(Math.floor(index / 48)).padStart(3, "0")}s${two((index % 48) + 1)}`;
}
