/** Which machines were members of which closed incidents, those that closed before included. */
export const incidentMembers = `
CREATE TABLE incident_member (miner TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (miner, number)) WITHOUT ROWID;
INSERT OR IGNORE INTO incident_member (miner, number)
  SELECT json_extract(value, '$.id'), number FROM incident, json_each(inflate(whole), '$.members') WHERE json_extract(value, '$.kind') = 'miner';
`;
