import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { embeddedAgentConfig, type AgentConfig } from "../../../agent/config.ts";

export const silentLog = pino({ level: "silent" });

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "hashwatch-agent-"));
}

/** Settings of an agent that is enrolled already, polls every second and asks no witness. */
export function testConfig(server: string, overrides: Partial<AgentConfig> = {}, flags: Record<string, string | true> = {}): AgentConfig {
  const raw = { "data-dir": temporaryFolder(), "poll-interval-ms": "1000", "witness-port": "0", "reply-timeout-ms": "500", ...flags };
  return { ...embeddedAgentConfig(raw, { server, agentId: "a1", key: "k1" }), logLevel: "silent", ...overrides };
}
