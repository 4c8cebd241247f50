import { describe, expect, it } from "vitest";
import { frameReply, looksWhole } from "../../../agent/cgminer/framing.ts";
import { isMinerReply, isRefusal, statusOfReply } from "../../../agent/cgminer/replies.ts";
import { decodePools } from "../../../agent/decode/pools.ts";
import { fixtureBytes } from "../decode/fixture.ts";

/** Text of a malformed reply as the client hands it on: up to the first NUL, decoded. */
function malformed(name: string): string {
  const bytes = fixtureBytes(`malformations/${name}/reply.txt`);
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString();
}

function valueOf(name: string): Record<string, unknown> {
  const framed = frameReply(malformed(name));
  if (!framed.ok) throw new Error(framed.detail);
  return framed.value;
}

function failureOf(text: string) {
  const framed = frameReply(text);
  return framed.ok ? null : framed.failure;
}

describe("frameReply()", () => {
  it("drops NULs and newlines behind the reply", () => {
    expect(valueOf("01-trailing-nuls").SUMMARY).toEqual([{ Elapsed: 60, Accepted: 3 }]);
  });

  it("puts the missing comma between two rows, and none into a string", () => {
    const value = valueOf("02-no-comma");
    expect(value.STATS).toEqual([{ Type: "Antminer S9" }, { Elapsed: 60, "GHS 5s": "1.5" }]);
    expect(statusOfReply(value)?.message).toBe("a}{b");
  });

  it("drops commas before a closing and behind an opening bracket, outside strings", () => {
    const value = valueOf("03-stray-commas");
    expect(value.SUMMARY).toEqual([{ Elapsed: 60 }]);
    expect(statusOfReply(value)?.message).toBe("a,]b");
  });

  it("keeps raw control characters in strings as text", () => {
    expect(valueOf("04-control-characters").VERSION).toEqual([{ Type: "Antminer S9\nrev\t2", API: "3.1" }]);
  });

  it("reads bare nan and inf as null and leaves quoted ones alone", () => {
    const value = valueOf("05-nan");
    expect(value.SUMMARY).toEqual([{ a: null, b: null, c: null, d: "nan", e: null, f: null, Elapsed: 60 }]);
    expect(statusOfReply(value)?.message).toBe("nan, inf");
  });

  it("leaves empty text for numbers to the decoder", () => {
    expect(valueOf("06-empty-numbers").STATS).toHaveLength(2);
  });

  it("reads the first whole object and ignores what stands behind", () => {
    expect(valueOf("07-bytes-behind").SUMMARY).toEqual([{ Elapsed: 60, Accepted: 3 }]);
  });

  it("takes the last of doubled keys", () => {
    expect(valueOf("08-doubled-keys").SUMMARY).toEqual([{ Elapsed: 61 }]);
  });

  it("replaces bytes that are no UTF-8", () => {
    expect(decodePools(valueOf("09-invalid-utf8")).pools[0]?.worker).toBe("farm��.1");
  });

  it("reports a cut reply and makes no number out of it", () => {
    expect(failureOf(malformed("10-cut"))).toBe("truncated");
  });

  it("reads STATUS out of a TEXT answer", () => {
    const value = valueOf("11-text");
    expect(isRefusal(value)).toBe(true);
    expect(statusOfReply(value)?.message).toBe("Invalid command");
  });

  it("tells an empty reply from a lost connection by its detail", () => {
    const framed = frameReply(malformed("12-empty"));
    expect(framed).toMatchObject({ ok: false, failure: "closed" });
    expect(!framed.ok && framed.detail).toContain("answered nothing");
  });

  it("reads blanks and leading blank lines as any JSON", () => {
    expect(valueOf("13-blanks").SUMMARY).toEqual([{ Elapsed: 60 }]);
  });

  it("reads a value that is left out as false", () => {
    expect(valueOf("14-missing-value")).toMatchObject({ "bitmain-fan-ctrl": false, b: false, c: false, SUMMARY: [{ Elapsed: 60 }] });
  });

  it("takes misspelt names for what they mean", () => {
    expect(decodePools(valueOf("15-misspelt")).pools[0]?.status).toBe("dead");
  });

  it("keeps numbers beyond 2^53 as floats", () => {
    expect(valueOf("16-beyond-2-53").SUMMARY).toEqual([{ Elapsed: 60, "Total MH": 47299461638452126000 }]);
  });

  it("recognises HTTP and does not parse it", () => {
    expect(frameReply(malformed("17-http"))).toMatchObject({ ok: false, failure: "undecodable", http: true });
  });

  it("never joins two values that stand side by side into one number", () => {
    expect(failureOf('{"STATUS":"S","Elapsed":12 34}')).toBe("undecodable");
  });

  it("calls what is no reply at all no miner", () => {
    expect(failureOf("SSH-2.0-OpenSSH_9.2\r\n")).toBe("notMiner");
    expect(failureOf("[1,2]")).toBe("notMiner");
    expect(failureOf('"hello"')).toBe("notMiner");
  });
});

describe("statusOfReply()", () => {
  it("reads STATUS as array, as object and as plain string", () => {
    expect(statusOfReply({ STATUS: [{ STATUS: "E", Code: 0, Msg: "no" }] })?.letter).toBe("E");
    expect(statusOfReply({ STATUS: { STATUS: "S", when: 1 } })?.letter).toBe("S");
    expect(statusOfReply({ STATUS: "S" })?.letter).toBe("S");
  });

  it("takes JSON without STATUS for no miner's reply", () => {
    expect(isMinerReply({ hello: "world" })).toBe(false);
  });
});

describe("looksWhole()", () => {
  it("waits for more at a newline or at a brace that closes a row", () => {
    expect(looksWhole('{"STATUS":[{"STATUS":"S"}\n')).toBe(false);
    expect(looksWhole('{"STATUS":[{"STATUS":"S"}]}\n')).toBe(true);
  });
});
