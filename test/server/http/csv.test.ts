import { describe, expect, it } from "vitest";
import { z } from "zod";
import { columnsOf, parseCsv, toCsv } from "../../../server/http/csv.ts";

describe("toCsv()", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])("makes %j harmless", (text) => {
    expect(parseCsv(toCsv(["a"], [{ a: text }]))[1][0]).toBe(`'${text}`.trim());
  });

  it("leaves numbers as they are, null empty, and quotes what needs it", () => {
    expect(toCsv(["a", "b", "c", "d", "e"], [{ a: -5.5, b: null, c: 'say "hi", or\nnot', d: [1, 2], e: [{ x: 1 }] }])).toBe(
      'a,b,c,d,e\r\n-5.5,,"say ""hi"", or\nnot",1 2,"[{""x"":1}]"\r\n',
    );
  });

  it("takes its columns from a schema, a field of a field as one", () => {
    const columns = columnsOf(z.object({ id: z.string(), firmware: z.object({ family: z.string(), version: z.string().nullable() }) }));
    expect(columns).toEqual(["id", "firmware.family", "firmware.version"]);
    expect(toCsv(columns, [{ id: "m1", firmware: { family: "stock", version: null } }])).toBe(
      "id,firmware.family,firmware.version\r\nm1,stock,\r\n",
    );
  });
});

describe("parseCsv()", () => {
  it("reads quoted cells, either separator, either line end, and a last line without one", () => {
    expect(parseCsv('\uFEFFa;b\r\n"x;y";"say ""hi"""\n1;')).toEqual([
      ["a", "b"],
      ["x;y", 'say "hi"'],
      ["1", ""],
    ]);
    expect(parseCsv("a,b\n1,2")).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
    expect(parseCsv("")).toEqual([]);
  });

  it("names the line whose quotes cannot be read, and drops nothing in silence", () => {
    expect(() => parseCsv('a,b\n"1,2\n3,4')).toThrow(expect.objectContaining({ line: 2, message: "A quoted cell has no end" }));
    expect(() => parseCsv('a,b\n1,2\n"3"x,4')).toThrow(expect.objectContaining({ line: 3 }));
  });

  it("reads a cell of megabytes", () => {
    const long = "x".repeat(3_000_000);
    expect(parseCsv(`a,b\n"${long}",1`)[1]).toEqual([long, "1"]);
  });
});
