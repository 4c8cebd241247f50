import type { Status } from "../../server/contract/status.ts";

/** The shape of a status in a box of 16 by 16, and the letter in it. */
export interface StatusShape {
  readonly tag: "circle" | "path" | "rect";
  readonly look: "edge" | "edge dashed" | "fill";
  readonly attributes: Readonly<Record<string, string>>;
  readonly letter: string;
  /** Base line of the letter. */
  readonly y: string;
}

export const STATUS_BOX = "-.5 -.5 17 17";
const MIDDLE = "11.1";
const RING = { cx: "8", cy: "8", r: "6.8" };

/** Filled is a fault; outlined is fine, on purpose, or not known. */
export const STATUS_SHAPES: Readonly<Record<Status, StatusShape>> = {
  hashing: { tag: "circle", look: "edge", attributes: RING, letter: "H", y: MIDDLE },
  degraded: { tag: "path", look: "fill", attributes: { d: "M8 .6 15.9 15H.1Z" }, letter: "D", y: "13.4" },
  notHashing: { tag: "rect", look: "fill", attributes: { x: "1", y: "1", width: "14", height: "14", rx: "1.5" }, letter: "N", y: MIDDLE },
  unreachable: { tag: "path", look: "fill", attributes: { d: "M8-.4 16.4 8 8 16.4-.4 8Z" }, letter: "U", y: MIDDLE },
  paused: {
    tag: "path",
    look: "edge",
    attributes: { d: "M5 1.5H2.2a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H5M11 1.5h2.8a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H11" },
    letter: "P",
    y: MIDDLE,
  },
  unknown: { tag: "circle", look: "edge dashed", attributes: RING, letter: "?", y: MIDDLE },
};
