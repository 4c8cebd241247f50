import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { ConfigError } from "./errors.ts";

/** Everything the server can be told, validated, with every default. Flags and HASHWATCH_ variables arrive as text by flag name. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number; // 0: any free port
  readonly dataDir: string;
  readonly adminPassword: string | null;
  readonly ranges: readonly string[];
  readonly embeddedAgent: boolean;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly publicUrl: URL | null; // null: from host and port
  readonly logLevel: LogLevel;
}

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Raw = Readonly<Record<string, string | true | undefined>>;

/** Reads the server's settings. Throws ConfigError with one line that names the flag, the value and what is expected. */
export function serverConfig(raw: Raw): ServerConfig {
  const adminPassword = text(raw, "admin-password");
  if (adminPassword !== null && adminPassword.length < 10)
    throw new ConfigError("--admin-password is too short: at least 10 characters are needed");
  return {
    host: hostOf(text(raw, "host") ?? "127.0.0.1"),
    port: portOf(text(raw, "port") ?? "8080"),
    dataDir: text(raw, "data-dir") ?? "./data",
    adminPassword,
    ranges: list(text(raw, "ranges")),
    embeddedAgent: raw["no-embedded-agent"] !== true,
    tls: tlsOf(text(raw, "tls-cert"), text(raw, "tls-key")),
    publicUrl: publicUrlOf(text(raw, "public-url")),
    logLevel: logLevelOf(text(raw, "log-level") ?? "info"),
  };
}

function text(raw: Raw, flag: string): string | null {
  const value = raw[flag];
  if (value === undefined) return null;
  if (value === true) throw new ConfigError(`--${flag} needs a value`);
  return value;
}

function list(value: string | null): string[] {
  return (value ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function hostOf(value: string): string {
  if (isIP(value) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(value))
    throw new ConfigError(`--host is no address or host name: "${value}"`);
  return value;
}

function portOf(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) throw new ConfigError(`--port must be a number from 0 to 65535, got "${value}"`);
  return Number(value);
}

function tlsOf(cert: string | null, key: string | null): ServerConfig["tls"] {
  if (cert === null && key === null) return null;
  if (cert === null || key === null)
    throw new ConfigError(`--tls-cert and --tls-key go together; --${cert === null ? "tls-cert" : "tls-key"} is missing`);
  return { cert: fileOf("tls-cert", cert), key: fileOf("tls-key", key) };
}

function fileOf(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigError(`--${flag} cannot be read: "${path}"`, { cause });
  }
}

function publicUrlOf(value: string | null): URL | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/") {
    throw new ConfigError(`--public-url must be like https://hashwatch.example.com without a path, got "${value}"`);
  }
  return url;
}

function logLevelOf(value: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === value);
  if (level === undefined) throw new ConfigError(`--log-level must be one of ${LOG_LEVELS.join(", ")}, got "${value}"`);
  return level;
}
