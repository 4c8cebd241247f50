/** A pool's address without the protocol, a path, and a user in front: `eu.pool.example:3333` of `stratum+tcp://eu.pool.example:3333`. */
export function poolAddress(url: string): string {
  const authority = url.replace(/^[a-z0-9+.-]+:\/\//i, "").split("/", 1)[0];
  return authority.replace(/^.*@/, "");
}

/** The same without the port: `eu.pool.example`. */
export function poolHost(url: string): string {
  return poolAddress(url).replace(/:\d+$/, "");
}
