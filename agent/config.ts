import { join, resolve } from "node:path";
import { LOOPBACK_RANGES, PRIVATE_RANGES } from "./discover/allowList.ts";
import { MINER_PORT } from "./discover/discovery.ts";
import { parseRange, parseScanRange, splitList } from "./discover/ranges.ts";
import { ConfigError } from "./errors.ts";
import { OUTBOX_MAX_AGE_MS, OUTBOX_MAX_BYTES } from "./push/outbox.ts";
import { linkUrl } from "./push/serverUrl.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Settings by flag without dashes; `true` is a switch that is on. */
export type RawAgentSettings = Readonly<Record<string, string | true | undefined>>;

/** How an agent that needs no enrolment reaches its server: the embedded one. */
export interface AgentLinkIdentity {
  readonly server: string;
  readonly agentId: string;
  readonly key: string;
}

/** Everything that an agent runs by; plain data, so that it can be handed to a worker thread. */
export interface AgentConfig {
  readonly server: string | null; // null: the one of the stored enrolment
  readonly code: string | null;
  readonly identity: { readonly agentId: string; readonly key: string } | null; // null: the stored one
  readonly dataDir: string; // the agent's own folder
  readonly ranges: readonly string[];
  readonly pollIntervalMs: number;
  readonly pollConcurrency: number | "auto";
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
  readonly allowRanges: readonly string[];
  readonly allowPorts: readonly number[];
  readonly allowControl: boolean;
  readonly witnessPort: number; // 0: off
  readonly webPort: number;
  readonly minerCredentials: string | null; // path
  readonly insecureTransport: boolean;
  readonly logLevel: string;
  readonly outboxMaxBytes: number;
  readonly outboxMaxAgeMs: number;
}

/** Settings of `hashwatch agent`. Throws ConfigError that names the flag and the value. */
export function agentConfig(raw: RawAgentSettings): AgentConfig {
  return readConfig(raw, PRIVATE_RANGES);
}

/** Settings of the agent inside a server: the same flags; the link is given, and loopback may be polled as well. */
export function embeddedAgentConfig(raw: RawAgentSettings, { server, agentId, key }: AgentLinkIdentity): AgentConfig {
  const config = readConfig({ ...raw, server, code: undefined }, [...PRIVATE_RANGES, ...LOOPBACK_RANGES]);
  return { ...config, identity: { agentId, key } };
}

function readConfig(raw: RawAgentSettings, defaultAllowRanges: readonly string[]): AgentConfig {
  const insecureTransport = raw["insecure-transport"] === true;
  const server = textSetting(raw, "server");
  if (server !== null) linkUrl(server, { insecureTransport });
  const ranges = rangesSetting(raw, "ranges", parseScanRange) ?? [];
  const witnessPort = integerSetting(raw, "witness-port", { fallback: 80, min: 0, max: 65_535 });
  const webPort = integerSetting(raw, "web-port", { fallback: 80, min: 1, max: 65_535 });
  return {
    server,
    code: textSetting(raw, "code"),
    identity: null,
    dataDir: join(resolve(textSetting(raw, "data-dir") ?? "./data"), "agent"),
    ranges,
    pollIntervalMs: integerSetting(raw, "poll-interval-ms", { fallback: 10_000, min: 1000, max: 3_600_000 }),
    pollConcurrency: concurrencySetting(raw),
    connectTimeoutMs: integerSetting(raw, "connect-timeout-ms", { fallback: 1000, min: 50, max: 60_000 }),
    replyTimeoutMs: integerSetting(raw, "reply-timeout-ms", { fallback: 5000, min: 100, max: 120_000 }),
    allowRanges: rangesSetting(raw, "allow-ranges", parseRange) ?? defaultAllowRanges,
    allowPorts: portsSetting(raw) ?? defaultAllowPorts(ranges, [witnessPort, webPort]),
    allowControl: raw["allow-control"] === true,
    witnessPort,
    webPort,
    minerCredentials: textSetting(raw, "miner-credentials"),
    insecureTransport,
    logLevel: logLevelSetting(raw),
    outboxMaxBytes: OUTBOX_MAX_BYTES,
    outboxMaxAgeMs: OUTBOX_MAX_AGE_MS,
  };
}

function textSetting(raw: RawAgentSettings, flag: string): string | null {
  const value = raw[flag];
  if (value === true) throw new ConfigError(`--${flag} needs a value`);
  return value === undefined || value === "" ? null : value;
}

/** A whole number within bounds; throws ConfigError that names flag and value. */
export function integerSetting(
  raw: RawAgentSettings,
  flag: string,
  { fallback, min, max }: { fallback: number; min: number; max: number },
): number {
  const text = textSetting(raw, flag);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(`--${flag} must be a whole number from ${min} to ${max}, got "${text}"`);
  }
  return value;
}

function concurrencySetting(raw: RawAgentSettings): number | "auto" {
  const value = raw["poll-concurrency"];
  if (value === undefined || value === "" || value === "auto") return "auto";
  if (value !== true && !/^\d+$/.test(value)) throw new ConfigError(`--poll-concurrency must be auto or a whole number, got "${value}"`);
  return integerSetting(raw, "poll-concurrency", { fallback: 0, min: 4, max: 20_000 });
}

function rangesSetting(raw: RawAgentSettings, flag: string, parse: (text: string) => unknown): string[] | null {
  const text = textSetting(raw, flag);
  if (text === null) return null;
  const ranges = splitList(text);
  for (const range of ranges) checkRange(range, { flag, parse });
  return ranges;
}

function checkRange(range: string, { flag, parse }: { flag: string; parse: (text: string) => unknown }): void {
  try {
    parse(range);
  } catch (error) {
    throw new ConfigError(`--${flag}: ${(error as Error).message}`, { cause: error });
  }
}

function portsSetting(raw: RawAgentSettings): number[] | null {
  const text = textSetting(raw, "allow-ports");
  if (text === null) return null;
  return splitList(text).map((port) => {
    const value = Number(port);
    if (!/^\d+$/.test(port) || value < 1 || value > 65_535) {
      throw new ConfigError(`--allow-ports must be ports from 1 to 65535 with commas between, got "${port}"`);
    }
    return value;
  });
}

function defaultAllowPorts(ranges: readonly string[], others: readonly number[]): number[] {
  const ports = [MINER_PORT, ...ranges.map((range) => parseScanRange(range).port ?? MINER_PORT), ...others];
  return [...new Set(ports.filter((port) => port !== 0))];
}

function logLevelSetting(raw: RawAgentSettings): string {
  const level = textSetting(raw, "log-level") ?? "info";
  if (!LOG_LEVELS.includes(level)) throw new ConfigError(`--log-level must be one of ${LOG_LEVELS.join(", ")}, got "${level}"`);
  return level;
}
