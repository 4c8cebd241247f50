import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMinerCredentials } from "../../../agent/identity/credentials.ts";
import { temporaryFolder } from "../support/config.ts";

function file(content: string, mode = 0o600): string {
  const path = join(temporaryFolder(), "credentials");
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe("readMinerCredentials()", () => {
  it("gives each address the password of the first range that holds it", async () => {
    const credentials = await readMinerCredentials(
      file('{"range":"10.0.0.7","username":"root","password":"one"}\n\n{"range":"10.0.0.0/24","username":"root","password":"two"}\n'),
    );
    expect(credentials.find("10.0.0.7")?.password).toBe("one");
    expect(credentials.find("10.0.0.8")?.password).toBe("two");
    expect(credentials.find("10.0.1.8")).toBeNull();
  });

  it.each([0o640, 0o604, 0o660])("refuses a file that others may read: mode %o", async (mode) => {
    await expect(readMinerCredentials(file("", mode))).rejects.toThrow("can be read by others");
  });

  it.each([
    ["not json", "not json"],
    ["a missing field", '{"range":"10.0.0.1","username":"root"}'],
    ["a range that is none", '{"range":"10.0.0.1/99","username":"root","password":"hunter2"}'],
    ["a password that is no text", '{"range":"10.0.0.1","username":"root","password":5}'],
  ])("names the line of %s and never a password", async (_, line) => {
    const good = '{"range":"10.0.0.1","username":"root","password":"hunter2"}';
    const error = await readMinerCredentials(file(`${good}\n${line}\n`)).then(
      () => null,
      (reason: unknown) => reason as Error,
    );
    expect(error?.name).toBe("ConfigError");
    expect(error?.message).toContain("line 2 of --miner-credentials");
    expect(error?.message).not.toContain("hunter2");
  });

  it("names a file that is not there", async () => {
    await expect(readMinerCredentials("/nowhere/credentials")).rejects.toThrow(
      "Cannot read --miner-credentials /nowhere/credentials: ENOENT",
    );
  });
});
