import { describe, expect, it } from "vitest";
import { poolHost } from "../../../web/format/pool.ts";

describe("poolHost()", () => {
  it("leaves the host alone of a pool's address", () => {
    expect(poolHost("stratum+tcp://eu.pool.example:3333")).toBe("eu.pool.example");
    expect(poolHost("stratum+ssl://user@pool.example:443/path")).toBe("pool.example");
    expect(poolHost("pool.example")).toBe("pool.example");
  });
});
