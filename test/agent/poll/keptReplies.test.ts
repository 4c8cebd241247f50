import { describe, expect, it } from "vitest";
import { KeptReplies } from "../../../agent/poll/keptReplies.ts";

describe("KeptReplies", () => {
  it("gives the latest text of each command, whether longer, shorter or odd", () => {
    const kept = new KeptReplies();
    const texts = ["a".repeat(3000), "b", "°é\uFFFD", "c".repeat(70_000), "", '{"STATUS":[]}'];
    for (const [atMs, text] of texts.entries()) {
      kept.keep("stats", Buffer.from(text), { atMs, failure: null });
      kept.keep("pools", Buffer.from(`pools ${text}`), { atMs, failure: "truncated" });
      expect(kept.all()).toEqual([
        { command: "stats", text, atMs, failure: null },
        { command: "pools", text: `pools ${text}`, atMs, failure: "truncated" },
      ]);
    }
  });

  it("does not change what was given out before", () => {
    const kept = new KeptReplies();
    kept.keep("stats", Buffer.from("first"), { atMs: 1, failure: null });
    const before = kept.all();
    kept.keep("stats", Buffer.from("other"), { atMs: 2, failure: "undecodable" });
    expect(before).toEqual([{ command: "stats", text: "first", atMs: 1, failure: null }]);
  });

  it("forgets what it is told to", () => {
    const kept = new KeptReplies();
    kept.keep("stats", Buffer.from("text"), { atMs: 1, failure: null });
    kept.forget("stats");
    expect(kept.all()).toEqual([]);
  });
});
