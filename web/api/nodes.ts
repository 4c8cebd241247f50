import type { Node } from "../../server/contract/api.ts";
import { getAll } from "./pages.ts";

/** All switches and power strips that the reader may see. */
export function getAllNodes(signal: AbortSignal): Promise<Node[]> {
  return getAll("/nodes", signal);
}
