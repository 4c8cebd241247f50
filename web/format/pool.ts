/** The host of a pool's address, without the protocol, the port and a user in front: `eu.pool.example` of `stratum+tcp://eu.pool.example:3333`. */
export function poolHost(url: string): string {
  const authority = url.replace(/^[a-z0-9+.-]+:\/\//i, "").split("/", 1)[0];
  return authority.replace(/^.*@/, "").replace(/:\d+$/, "");
}
