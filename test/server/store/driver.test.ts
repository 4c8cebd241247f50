import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDatabase, rowsOf } from "../../../server/store/sqlite/driver.ts";
import { temporaryDir } from "./storeHelp.ts";

function openTestDatabase() {
  const db = openDatabase(join(temporaryDir(), "test.db"));
  onTestFinished(() => void db.close());
  db.exec("CREATE TABLE reading (id INTEGER PRIMARY KEY, watts INTEGER)");
  return db;
}

describe("openDatabase()", () => {
  it("makes one statement per text, so that none is thrown away while the program runs", () => {
    const db = openTestDatabase();
    const sql = "INSERT INTO reading (watts) VALUES (?)";
    db.prepare(sql).run(3000);
    expect(db.prepare(sql)).toBe(db.prepare(sql));
    expect(db.prepare(sql).run(3100).lastInsertRowid).toBe(2);
  });

  it("answers pragmas as rows, as one value, and sets them", () => {
    const db = openTestDatabase();
    db.pragma("user_version = 4");
    expect(db.pragma("user_version", { simple: true })).toBe(4);
    expect(db.pragma("user_version")).toEqual([{ user_version: 4 }]);
  });
});

describe("rowsOf()", () => {
  it.each([0, 1, 3, 6, 7])("gives each of %i rows once, in order, whatever the page", (count) => {
    const db = openTestDatabase();
    const insert = db.prepare("INSERT INTO reading (id, watts) VALUES (?, ?)");
    for (let id = 0; id < count; id++) insert.run(id * 10, id);
    const page = db.prepare<[number], { id: number; watts: number }>("SELECT id, watts FROM reading WHERE id > ? ORDER BY id LIMIT 3");
    const watts = [...rowsOf(page, ({ id }) => id)].map((row) => row.watts);
    expect(watts).toEqual(Array.from({ length: count }, (_, id) => id));
  });
});
