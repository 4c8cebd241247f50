import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { agentConfig, embeddedAgentConfig } from "../../agent/config.ts";

const LINK = { server: "ws://127.0.0.1:1", agentId: "a1", key: "k" };

describe("agentConfig()", () => {
  it("has a default for everything", () => {
    expect(agentConfig({})).toEqual({
      server: null,
      code: null,
      identity: null,
      dataDir: resolve("data/agent"),
      ranges: [],
      pollIntervalMs: 10_000,
      pollConcurrency: "auto",
      connectTimeoutMs: 1000,
      replyTimeoutMs: 5000,
      allowRanges: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"],
      allowPorts: [4028, 80],
      allowControl: false,
      witnessPort: 80,
      webPort: 80,
      minerCredentials: null,
      insecureTransport: false,
      logLevel: "info",
      outboxMaxBytes: 1_073_741_824,
      outboxMaxAgeMs: 604_800_000,
    });
  });

  it("allows the ports of its own ranges, its witness and its web port, or exactly those that are set", () => {
    const raw = { ranges: "10.0.0.0/24,10.0.1.1:14028", "witness-port": "0", "web-port": "8081" };
    expect(agentConfig(raw).allowPorts).toEqual([4028, 14_028, 8081]);
    expect(agentConfig({ ...raw, "allow-ports": "4028, 81" }).allowPorts).toEqual([4028, 81]);
  });

  it.each([
    ["poll-interval-ms", "10s"],
    ["poll-interval-ms", "999"],
    ["poll-concurrency", "many"],
    ["poll-concurrency", "0"],
    ["connect-timeout-ms", "-1"],
    ["reply-timeout-ms", "1e9"],
    ["witness-port", "65536"],
    ["web-port", "0"],
    ["allow-ports", "80,http"],
    ["ranges", "10.0.0.0/8"],
    ["ranges", "10.0.0.1,nonsense"],
    ["allow-ranges", "10.0.0.0/40"],
    ["log-level", "loud"],
    ["server", "hashwatch.example"],
  ])("names --%s when it is %s", (flag, value) => {
    expect(() => agentConfig({ [flag]: value })).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringContaining(`--${flag}`) as string }),
    );
  });
});

describe("embeddedAgentConfig()", () => {
  it("has its link given and may poll loopback as well", () => {
    const config = embeddedAgentConfig({ "data-dir": "/srv/data" }, LINK);
    expect(config).toMatchObject({ server: LINK.server, identity: { agentId: "a1", key: "k" }, dataDir: "/srv/data/agent" });
    expect(config.allowRanges).toContain("127.0.0.0/8");
    expect(structuredClone(config)).toEqual(config);
  });

  it("keeps to --allow-ranges where they are set", () => {
    expect(embeddedAgentConfig({ "allow-ranges": "10.1.0.0/16" }, LINK).allowRanges).toEqual(["10.1.0.0/16"]);
  });
});
