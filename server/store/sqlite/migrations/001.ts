/** First layout. Ids of piece, chunk and rollup tables hold time before miner, so that rows are appended and retention deletes ranges. */
export const initial = `
CREATE TABLE journal (seq INTEGER PRIMARY KEY, batch BLOB NOT NULL);
CREATE TABLE ack (agent_id TEXT NOT NULL, outbox_id TEXT NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (agent_id, outbox_id)) WITHOUT ROWID;
CREATE TABLE miner (miner INTEGER PRIMARY KEY, sealed_seq INTEGER NOT NULL, sealed_until_ms INTEGER NOT NULL, newest BLOB NOT NULL);
CREATE TABLE piece (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE chunk (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE pending (miner INTEGER NOT NULL, window_ms INTEGER NOT NULL, PRIMARY KEY (miner, window_ms)) WITHOUT ROWID;
CREATE TABLE behind (miner INTEGER NOT NULL, day_ms INTEGER NOT NULL, PRIMARY KEY (miner, day_ms)) WITHOUT ROWID;
CREATE TABLE rollup_5m (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE rollup_1h (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE rollup_1d (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE site_1m (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE site_5m (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE site_1h (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE site_1d (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE site_dirty (hour_ms INTEGER PRIMARY KEY);
CREATE TABLE frame (at_ms INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE detail (miner INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, sample BLOB NOT NULL);
CREATE TABLE event (id INTEGER PRIMARY KEY, miner INTEGER NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
  status TEXT, reason TEXT);
CREATE INDEX event_by_miner ON event (miner, at_ms);
CREATE TABLE malformed (id INTEGER PRIMARY KEY, miner INTEGER NOT NULL, at_ms INTEGER NOT NULL, command TEXT NOT NULL, failure TEXT NOT NULL,
  bytes BLOB NOT NULL);
CREATE INDEX malformed_by_miner ON malformed (miner, at_ms);
CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, source TEXT NOT NULL, action TEXT NOT NULL,
  target TEXT NOT NULL, result TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE record (kind TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE mark (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE size_log (at_ms INTEGER PRIMARY KEY, used_bytes INTEGER NOT NULL);
`;
