import { describe, expect, it } from "vitest";
import type { Command } from "../../../server/cli/command.ts";
import { helpOf, parseArguments, variableOf } from "../../../server/cli/flags.ts";

const command: Command = {
  name: "serve",
  usage: "serve [flags]",
  summary: "Serves",
  flags: [
    { name: "poll-interval-ms", value: "N", help: "how often" },
    { name: "no-agent", value: null, help: "alone" },
  ],
  run: () => Promise.resolve(0),
};

describe("parseArguments()", () => {
  it("reads a flag with its value behind a blank or an equals sign, and switches", () => {
    expect(parseArguments(command, ["--poll-interval-ms", "2000", "--no-agent", "x"], {})).toEqual({
      settings: { "poll-interval-ms": "2000", "no-agent": true },
      positionals: ["x"],
      help: false,
    });
    expect(parseArguments(command, ["--poll-interval-ms=3000"], {}).settings).toEqual({ "poll-interval-ms": "3000" });
  });

  it("takes what no flag says from the environment, and lets the flag win", () => {
    const env = { HASHWATCH_POLL_INTERVAL_MS: "5000", HASHWATCH_NO_AGENT: "1" };
    expect(parseArguments(command, [], env).settings).toEqual({ "poll-interval-ms": "5000", "no-agent": true });
    expect(parseArguments(command, ["--poll-interval-ms", "7000"], env).settings["poll-interval-ms"]).toBe("7000");
  });

  it("names the flag that it does not know, that lacks a value, or that takes none", () => {
    expect(() => parseArguments(command, ["--pol"], {})).toThrow('Unknown flag --pol for "serve"');
    expect(() => parseArguments(command, ["--poll-interval-ms"], {})).toThrow("--poll-interval-ms needs a value: N");
    expect(() => parseArguments(command, ["--poll-interval-ms", "--no-agent"], {})).toThrow("--poll-interval-ms needs a value: N");
    expect(() => parseArguments(command, ["--no-agent=maybe"], {})).toThrow('--no-agent takes no value, got "maybe"');
    expect(() => parseArguments(command, [], { HASHWATCH_NO_AGENT: "maybe" })).toThrow(
      'HASHWATCH_NO_AGENT is a switch: expected 1 or 0, got "maybe"',
    );
  });

  it("leaves everything behind -- alone", () => {
    expect(parseArguments(command, ["--", "--no-agent"], {})).toEqual({ settings: {}, positionals: ["--no-agent"], help: false });
  });
});

describe("helpOf()", () => {
  it("shows usage, summary and each flag with its help", () => {
    expect(helpOf(command)).toBe(
      "usage: hashwatch serve [flags]\n\nServes\n\n  --poll-interval-ms N  how often\n  --no-agent            alone\n",
    );
  });
});

describe("variableOf()", () => {
  it("is the flag in upper snake case behind HASHWATCH_", () => {
    expect(variableOf("poll-interval-ms")).toBe("HASHWATCH_POLL_INTERVAL_MS");
  });
});
