/** The store's number of a miner `m<key>`; null when the text is no such id. */
export function minerKeyOf(minerId: string): number | null {
  return keyOf(minerId, "m");
}

/** The store's number of a site `s<key>`; null when the text is no such id. */
export function siteKeyOf(siteId: string): number | null {
  return keyOf(siteId, "s");
}

function keyOf(id: string, prefix: string): number | null {
  return id.startsWith(prefix) && /^[1-9]\d{0,8}$/.test(id.slice(1)) ? Number(id.slice(1)) : null;
}
