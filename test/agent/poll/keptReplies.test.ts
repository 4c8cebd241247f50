import { describe, expect, it } from "vitest";
import { ReplyReader } from "../../../agent/cgminer/replyReader.ts";
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

  it("gives replies of a known layout back to the letter, also once the layout has become a more general one", () => {
    const [reader, hint, kept] = [new ReplyReader(), { template: null }, new KeptReplies()];
    const replyOf = (rate: string, chips: string): string =>
      `{"STATUS":[{"STATUS":"S","When":1,"Msg":"CGMiner stats"}],"STATS":[{"Type":"S9"},{"GHS 5s":"${rate}","fan1":-12.50,"chain_acs6":"${chips}"}],"id":1}`;
    const replies = [
      replyOf("13.10", "oooo oooo"),
      replyOf("9.07", "oooo oooo"),
      replyOf("", "oxoo"),
      replyOf("0", "oxoo"),
      replyOf("1", "x\\no"),
    ];
    for (const [atMs, text] of [...replies, ...replies].entries()) {
      const bytes = Buffer.from(text);
      expect(reader.readShared(bytes, hint)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      kept.keep("stats", bytes, { atMs, failure: null }, hint.template);
      bytes.fill(0); // the bytes of a reply are used again for the next
      expect(kept.all()).toEqual([{ command: "stats", text, atMs, failure: null }]);
    }
  });

  it("keeps a reply whole that its layout has not just read", () => {
    const [reader, hint, kept] = [new ReplyReader(), { template: null }, new KeptReplies()];
    for (const rate of [1, 2, 3]) reader.readShared(Buffer.from(`{"STATS":[{"rate":${rate}}]}`), hint);
    kept.keep("stats", Buffer.from('{"STATS":[{"rate":9}]}'), { atMs: 1, failure: null }, hint.template);
    expect(kept.all()).toEqual([{ command: "stats", text: '{"STATS":[{"rate":9}]}', atMs: 1, failure: null }]);
  });

  it("forgets what it is told to", () => {
    const kept = new KeptReplies();
    kept.keep("stats", Buffer.from("text"), { atMs: 1, failure: null });
    kept.forget("stats");
    expect(kept.all()).toEqual([]);
  });
});
