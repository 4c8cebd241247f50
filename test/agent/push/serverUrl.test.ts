import { describe, expect, it } from "vitest";
import { linkUrl } from "../../../agent/push/serverUrl.ts";
import { reconnectDelayMs } from "../../../agent/push/backoff.ts";

describe("linkUrl()", () => {
  it.each([
    ["https://hashwatch.example", "wss://hashwatch.example/agent/v1"],
    ["wss://hashwatch.example:8443/", "wss://hashwatch.example:8443/agent/v1"],
    ["https://example.com/miners/", "wss://example.com/miners/agent/v1"],
    ["http://127.0.0.1:8080", "ws://127.0.0.1:8080/agent/v1"],
    ["ws://localhost:8080", "ws://localhost:8080/agent/v1"],
    ["http://[::1]:8080", "ws://[::1]:8080/agent/v1"],
  ])("makes of %s the link %s", (server, expected) => {
    expect(linkUrl(server, { insecureTransport: false })).toBe(expected);
  });

  it.each(["http://10.0.0.1:8080", "ws://hashwatch.example", "http://127.0.0.1.example", "http://localhost.example"])(
    "refuses %s, which is not encrypted and not loopback, unless that is wanted",
    (server) => {
      expect(() => linkUrl(server, { insecureTransport: false })).toThrow(`--server ${server} is not encrypted`);
      expect(linkUrl(server, { insecureTransport: true })).toMatch(/^ws:/);
    },
  );

  it.each(["", "hashwatch.example", "ftp://hashwatch.example"])('refuses "%s" as no URL of a server', (server) => {
    expect(() => linkUrl(server, { insecureTransport: true })).toThrow("--server must be a URL");
  });
});

describe("reconnectDelayMs()", () => {
  it("doubles up to 30 s and lets chance take up to half of it, never below 1 s", () => {
    const delays = [0, 1, 2, 3, 4, 60].map((count) => reconnectDelayMs(count, () => 1));
    expect(delays).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect([0, 3].map((count) => reconnectDelayMs(count, () => 0))).toEqual([1000, 8000]);
  });
});
