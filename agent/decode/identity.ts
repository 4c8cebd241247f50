import type { ControlBoard, Evidence, ReportedIdentity } from "../../server/contract/identity.ts";
import { rowsOf, statusOfReply } from "../cgminer/replies.ts";
import type { RawObject } from "../cgminer/framing.ts";
import { algorithmOf } from "../models/lookup.ts";
import { textOrNull } from "./fields.ts";
import { readModel, type NamedModel } from "./modelName.ts";
import { recogniseFirmware, type RecognisedFirmware } from "./recognise.ts";
import { identityRow, typeOf, type FirmwareFamily, type Machine, type Replies } from "./replies.ts";

/** Who a machine is by its replies: the record that travels, and what decoding its samples needs. */
export interface Identified {
  readonly reported: ReportedIdentity;
  readonly machine: Machine;
}

/** Firmware that exists for SHA-256 machines only. */
const SHA256_ONLY: ReadonlySet<FirmwareFamily> = new Set(["braiins", "luxos", "marathon"]);

/** Identifies a machine from the replies at hand; `atMs` is the agent's clock. What no reply states is null. */
export function identify(replies: Replies, atMs: number): Identified {
  const firmware = recogniseFirmware(replies);
  const type = typeOf(replies) ?? modelOutsideType(replies, firmware.family);
  const named = readModel(type, firmware.family);
  const algorithm = named.name === null && SHA256_ONLY.has(firmware.family) ? "sha256d" : algorithmOf(named.name);
  const config = rowsOf(replies.config, "CONFIG")[0] ?? {};
  const reported: ReportedIdentity = {
    make: makeOf(type, named, firmware.family),
    model: named.name,
    modelReported: textOrNull(type),
    firmware: { family: firmware.family, version: firmware.version },
    controlBoard: controlBoardOf(config, replies) ?? named.controlBoard,
    mac: macOf(config.MACAddr),
    serial: textOrNull(config.SerialNumber, 100),
    hostname: textOrNull(config.Hostname, 100),
    algorithm,
    evidence: [],
  };
  reported.evidence = evidenceOf(reported, replies, firmware, atMs);
  return { reported, machine: { family: firmware.family, model: named.model, algorithm } };
}

/** An HTTP server on the miner port: ePIC firmware, about which its answer says nothing else. */
export function identifyHttp(atMs: number): ReportedIdentity {
  const evidence: Evidence[] = [{ kind: "firmware", value: "epic", source: "poll", lastSeenAtMs: atMs }];
  const firmware = { family: "epic" as const, version: null };
  return { ...NOBODY, firmware, evidence };
}

const NOBODY: ReportedIdentity = {
  make: null,
  model: null,
  modelReported: null,
  firmware: { family: "unknown", version: null },
  controlBoard: null,
  mac: null,
  serial: null,
  hostname: null,
  algorithm: "unknown",
  evidence: [],
};

/** Marathon names the model in VERSION[0].Model, LuxOS in `config`; BOSminer's platform tells it where one model alone has it (am1-s9). */
function modelOutsideType(replies: Replies, family: FirmwareFamily): string | null {
  const version = rowsOf(replies.version, "VERSION")[0]?.Model;
  if (family === "marathon" && typeof version === "string") return version;
  const config = rowsOf(replies.config, "CONFIG")[0]?.Model;
  if (family === "luxos" && typeof config === "string") return config;
  const described = [replies.version, replies.devs, replies.summary].map((reply) => (reply === undefined ? null : statusOfReply(reply)));
  const platform = described.find((status) => /\bam1-s9\b/i.test(status?.description ?? ""));
  return family === "braiins" ? (platform?.description ?? null) : null;
}

/** Firmware of these families runs on Antminers only; other machines must say so or go by a name of the catalogue. */
function makeOf(type: string | null, named: NamedModel, family: FirmwareFamily): string | null {
  const isAntminer =
    /antminer/i.test(type ?? "") || named.model !== null || family === "msk" || family === "hiveon" || family === "asicseer";
  return isAntminer ? "Antminer" : null;
}

const BOARDS: readonly (readonly [RegExp, ControlBoard])[] = [
  [/cvitek|^cv/i, "cvitek"],
  [/xilinx|zynq|amcb07/i, "zynq"],
  [/amlogic|^aml/i, "amlogic"],
  [/beagle|^bb/i, "beaglebone"],
];

/** LuxOS `config` names it; the build date of an Amlogic image holds "AML" in the place of the month (seen on an L9). */
function controlBoardOf(config: RawObject, replies: Replies): ControlBoard | null {
  const said = textOrNull(config.ControlBoardType);
  if (said !== null) return BOARDS.find(([pattern]) => pattern.test(said))?.[1] ?? null;
  const built = identityRow(replies.stats).CompileTime ?? rowsOf(replies.version, "VERSION")[0]?.CompileTime;
  return typeof built === "string" && /\bAML\b/.test(built) ? "amlogic" : null;
}

function macOf(value: unknown): string | null {
  const mac = textOrNull(value)?.toLowerCase().replaceAll("-", ":");
  return mac !== undefined && /^(?:[\da-f]{2}:){5}[\da-f]{2}$/.test(mac) ? mac : null;
}

function evidenceOf(identity: ReportedIdentity, replies: Replies, firmware: RecognisedFirmware, atMs: number): Evidence[] {
  const source = "Type" in identityRow(replies.stats) ? "stats" : "version";
  const found: readonly (readonly [Evidence["kind"], string | null, string])[] = [
    ["model", identity.modelReported, source],
    [
      "firmware",
      firmware.version === null ? firmware.family : `${firmware.family} ${firmware.version}`,
      replies.version === undefined ? "stats" : "version",
    ],
    ["controlBoard", identity.controlBoard, replies.config === undefined ? source : "config"],
    ["mac", identity.mac, "config"],
    ["serial", identity.serial, "config"],
    ["hostname", identity.hostname, "config"],
  ];
  return found.flatMap(([kind, value, from]) =>
    value === null ? [] : [{ kind, value: value.slice(0, 200), source: from, lastSeenAtMs: atMs }],
  );
}
