import Sqlite, { type Database, type Options, type PragmaOptions, type Statement } from "better-sqlite3";

/**
 * A database whose statements are made once per text and live as long as the thread, as it does itself. Besides the parsing that this saves, it keeps
 * better-sqlite3 12 alive on Node 24: there a statement that V8 collects while no script runs ends the process (its destructor asks for the
 * environment, of which there is none at that moment), while one that lives to the end is taken down in order. For the same reason nothing here
 * calls `iterate()`, which makes an object of the same kind each time: `rowsOf` reads in pages. Texts are to be few: values are bound.
 */
class LastingDatabase extends Sqlite {
  readonly #statements = new Map<string, Statement>();

  // The driver's own signature, so that callers keep their types.
  override prepare = ((source: string) => {
    let statement = this.#statements.get(source);
    if (statement === undefined) this.#statements.set(source, (statement = super.prepare(source)));
    return statement;
  }) as Database["prepare"];

  override pragma(source: string, { simple = false }: PragmaOptions = {}): unknown {
    const statement = this.prepare(`PRAGMA ${source}`);
    if (!statement.reader) return statement.run();
    statement.pluck(simple);
    return simple ? statement.get() : statement.all();
  }
}

const opened = new Set<Database>();

/** As `new Database(file, options)` of better-sqlite3. */
export function openDatabase(file: string, options?: Options): Database {
  const db = new LastingDatabase(file, options);
  opened.add(db);
  return db;
}

/** The rows of a page query, which takes the key to go on after and has a LIMIT, in the order of a key above -1. */
export function* rowsOf<Row>(page: Statement<[number], Row>, keyOf: (row: Row) => number): Generator<Row, void> {
  for (let rows = page.all(-1); rows.length > 0; rows = page.all(keyOf(rows[rows.length - 1]))) yield* rows;
}
