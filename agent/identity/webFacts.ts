import type { ControlBoard, Evidence } from "../../server/contract/identity.ts";
import { normalizeMac } from "./mac.ts";

export interface WebFacts {
  readonly mac: string | null;
  readonly serial: string | null;
  readonly hostname: string | null;
  readonly controlBoard: ControlBoard | null;
  readonly evidence: Evidence[];
}

type Fields = Readonly<Record<string, unknown>>;

const SUBTYPE_BOARDS: readonly (readonly [string, ControlBoard])[] = [
  ["zynq", "zynq"],
  ["xil", "zynq"],
  ["bbctrl", "beaglebone"],
  ["amlctrl", "amlogic"],
  ["cvctrl", "cvitek"],
];

/**
 * Who a miner is by `get_system_info.cgi` and `miner_type.cgi`, either of which may be missing (null).
 *
 * The control board is the first part of `subtype` (`zynq7007_…`, `BBCtrl_…`, `AMLCtrl_…`, `CVCtrl_…`), else what the kernel gives away: `-xilinx` is
 * Zynq, 4.9.113 Amlogic; there is no sure sign of the others.
 */
export function webFactsOf(systemInfo: Fields | null, minerType: Fields | null, nowMs: number): WebFacts {
  const mac = normalizeMac(textOrNull(systemInfo?.macaddr) ?? "");
  const serial = textOrNull(systemInfo?.serinum) ?? textOrNull(systemInfo?.serial_no);
  const hostname = textOrNull(systemInfo?.hostname);
  const bySubtype = boardOfSubtype(textOrNull(minerType?.subtype) ?? "");
  const controlBoard = bySubtype ?? boardOfKernel(textOrNull(systemInfo?.system_kernel_version) ?? "");
  const evidence = [
    ...evidenceOf("mac", mac, "get_system_info.cgi", nowMs),
    ...evidenceOf("serial", serial, "get_system_info.cgi", nowMs),
    ...evidenceOf("hostname", hostname, "get_system_info.cgi", nowMs),
    ...evidenceOf("controlBoard", controlBoard, bySubtype === null ? "get_system_info.cgi" : "miner_type.cgi", nowMs),
  ];
  return { mac, serial, hostname, controlBoard, evidence };
}

function boardOfSubtype(subtype: string): ControlBoard | null {
  const text = subtype.toLowerCase();
  return SUBTYPE_BOARDS.find(([start]) => text.startsWith(start))?.[1] ?? null;
}

function boardOfKernel(kernel: string): ControlBoard | null {
  if (kernel.includes("-xilinx")) return "zynq";
  return /\b4\.9\.113\b/.test(kernel) ? "amlogic" : null;
}

/** Stock firmware says nothing in many ways. */
function textOrNull(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const text = value.trim().slice(0, 100);
  return /^(|-|n\/?a|null|none|unk?no[wn]+)$/i.test(text) ? null : text;
}

function evidenceOf(kind: Evidence["kind"], value: string | null, source: string, lastSeenAtMs: number): Evidence[] {
  return value === null ? [] : [{ kind, value, source, lastSeenAtMs }];
}
