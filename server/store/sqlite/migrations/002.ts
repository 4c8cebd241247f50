/** Alerts and incidents: what fires, the log that incidents are made of with a snapshot to go on from, those that are closed, and the news of them. */
export const alerts = `
CREATE TABLE alert (rule TEXT NOT NULL, subject TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (rule, subject)) WITHOUT ROWID;
CREATE TABLE incident_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, events TEXT NOT NULL);
CREATE TABLE incident_snapshot (only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, state TEXT NOT NULL);
CREATE TABLE incident (number INTEGER PRIMARY KEY, closed_ms INTEGER NOT NULL, summary TEXT NOT NULL, whole BLOB NOT NULL);
CREATE TABLE incident_news (seq INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, incident TEXT NOT NULL, kind TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX incident_news_by_incident ON incident_news (incident) WHERE kind = 'updated';
`;
