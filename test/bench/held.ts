import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** MB that live in the heap of this thread and in the buffers that it holds, after a collection. */
export function heldMb(): number {
  collect();
  collect(); // what the first one found to be finalised
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}
