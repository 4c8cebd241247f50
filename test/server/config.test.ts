import { describe, expect, it } from "vitest";
import { serverConfig } from "../../server/config.ts";

describe("serverConfig()", () => {
  it("has a default for everything", () => {
    expect(serverConfig({})).toEqual({
      host: "127.0.0.1",
      port: 8080,
      dataDir: "./data",
      adminPassword: null,
      ranges: [],
      embeddedAgent: true,
      tls: null,
      publicUrl: null,
      logLevel: "info",
    });
  });

  it("splits the ranges at commas", () => {
    expect(serverConfig({ ranges: "10.0.0.0/24, 10.0.1.5:4029," }).ranges).toEqual(["10.0.0.0/24", "10.0.1.5:4029"]);
  });

  it.each([
    [{ port: "80a" }, '--port must be a number from 0 to 65535, got "80a"'],
    [{ port: "70000" }, '--port must be a number from 0 to 65535, got "70000"'],
    [{ host: "not a host" }, '--host is no address or host name: "not a host"'],
    [{ "admin-password": "short" }, "--admin-password is too short: at least 10 characters are needed"],
    [{ "tls-cert": "/nowhere.pem" }, "--tls-cert and --tls-key go together; --tls-key is missing"],
    [{ "tls-cert": "/nowhere.pem", "tls-key": "/nowhere.pem" }, '--tls-cert cannot be read: "/nowhere.pem"'],
    [{ "public-url": "example.com" }, '--public-url must be like https://hashwatch.example.com without a path, got "example.com"'],
    [{ "public-url": "https://example.com/x" }, 'got "https://example.com/x"'],
    [{ "log-level": "loud" }, '--log-level must be one of trace, debug, info, warn, error, fatal, silent, got "loud"'],
    [{ "data-dir": true as const }, "--data-dir needs a value"],
  ])("refuses %j and names the flag and the value", (raw, message) => {
    expect(() => serverConfig(raw)).toThrow(message);
  });
});
