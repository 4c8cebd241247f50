import { describe, expect, it } from "vitest";
import { clockTimeOf } from "../../../../web/views/incidents/channels/routeDraft.ts";
import { inputOfInstant, instantOfInput } from "../../../../web/views/incidents/instantInput.ts";

describe("instantOfInput()", () => {
  it("reads what inputOfInstant() writes, with a blank or a T, in local time", () => {
    const atMs = new Date(2026, 10, 24, 3, 12).getTime();
    expect(inputOfInstant(atMs)).toBe("2026-11-24 03:12");
    for (const text of ["2026-11-24 03:12", " 2026-11-24T03:12 ", "2026-11-24 3:12"]) expect(instantOfInput(text)).toBe(atMs);
  });

  it.each(["", "2026-11-24", "2026-11-31 03:12", "2026-11-24 24:00", "11/24/2026 03:12", "2026-11-24 03:12 PM"])("refuses “%s”", (text) => {
    expect(instantOfInput(text)).toBeNull();
  });
});

describe("clockTimeOf()", () => {
  it("reads a time of day on 24 hours as people write it", () => {
    expect(["22:30", "7:05", "0705", "930", "07.05", " 0:00 "].map(clockTimeOf)).toEqual([
      "22:30",
      "07:05",
      "07:05",
      "09:30",
      "07:05",
      "00:00",
    ]);
    for (const text of ["", "24:00", "12:60", "7", "7 pm", "7:5"]) expect(clockTimeOf(text)).toBeNull();
  });
});
