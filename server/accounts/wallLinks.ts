import type { z } from "zod";
import type { WallLink, WallLinkBody } from "../contract/api.ts";
import { ChangeError } from "../fleet/changeError.ts";
import { mirrorChange } from "../fleet/recordMirror.ts";
import { hashSecret, matchesHash, newId, newSecret } from "../fleet/secrets.ts";
import type { AccountState, StoredWallLink } from "./accountState.ts";
import type { Principal } from "./principal.ts";

export type NewWallLink = z.infer<typeof WallLinkBody>;

/** No link hangs for longer than this. */
export const WALL_LINK_MAX_MS = 366 * 86_400_000;
const WALL_LINK_LIMIT = 1000;
const TOKEN_TEXT = /^hwl_([0-9a-z]{10})_([\w-]{43})$/;
const COOKIE_TEXT = /^([0-9a-z]{10})\.([\w-]{43})$/;

/**
 * Links that show the fleet on a wall: `hwl_<id>_<secret>`. Whoever opens one gets a cookie that is derived from the secret and does not tell it,
 * so that a link on fifty screens is still one record, and all of them go dark when it is gone. Of both only digests are kept.
 */
export interface WallLinks {
  list(): WallLink[];
  get(id: string): WallLink | null;
  /** The token is in this answer and nowhere else. Rejects with ChangeError when the time of expiry has passed or is too far away. */
  create(link: NewWallLink): Promise<WallLink & { token: string }>;
  /** false: no such link. */
  revoke(id: string): Promise<boolean>;
  /** The cookie for a token. `expired` is told to those alone who have the secret. */
  open(token: string): { outcome: "signedIn"; cookie: string; principal: Principal } | { outcome: "wrong" | "expired" };
  /** Who a cookie is; null for one that is unknown, or whose link has expired or was revoked. */
  authenticate(cookie: string): Principal | null;
}

export function createWallLinks(state: AccountState): WallLinks {
  const shown = ({ id, name, siteIds, createdAtMs, expiresAtMs }: StoredWallLink): WallLink => {
    return { id, name, siteIds, createdAtMs, expiresAtMs, lastUsedAtMs: state.lastUseMs(id) };
  };
  const isOver = (link: StoredWallLink): boolean => link.expiresAtMs <= state.clock();

  return {
    list: () => state.wallLinks.values().map(shown),
    get(id) {
      const link = state.wallLinks.get(id);
      return link === null ? null : shown(link);
    },
    create: (body) =>
      state.serial(async () => {
        requireLife(body.expiresAtMs - state.clock());
        if (state.wallLinks.size >= WALL_LINK_LIMIT)
          throw new ChangeError("conflict", `There are ${WALL_LINK_LIMIT} wall links already; revoke some first`);
        const id = newId();
        const secret = newSecret();
        const hashes = { secretHash: hashSecret(secret), cookieHash: hashSecret(cookieSecretOf(secret)) };
        const link = { id, ...body, ...hashes, createdAtMs: state.clock() };
        await state.write([mirrorChange(state.wallLinks, id, link)]);
        return { ...shown(link), token: `hwl_${id}_${secret}` };
      }),
    revoke: (id) =>
      state.serial(async () => {
        if (state.wallLinks.get(id) === null) return false;
        await state.write([mirrorChange(state.wallLinks, id, null)]);
        return true;
      }),
    open(token) {
      const [, id = "", secret = ""] = TOKEN_TEXT.exec(token) ?? [];
      const link = state.wallLinks.get(id);
      if (link === null || !matchesHash(secret, link.secretHash)) return { outcome: "wrong" };
      if (isOver(link)) return { outcome: "expired" };
      state.touch(id);
      return { outcome: "signedIn", cookie: `${id}.${cookieSecretOf(secret)}`, principal: principalOf(link) };
    },
    authenticate(cookie) {
      const [, id = "", secret = ""] = COOKIE_TEXT.exec(cookie) ?? [];
      const link = state.wallLinks.get(id);
      if (link === null || !matchesHash(secret, link.cookieHash) || isOver(link)) return null;
      state.touch(id);
      return principalOf(link);
    },
  };
}

function requireLife(lifeMs: number): void {
  if (lifeMs <= 0) throw new ChangeError("invalid", "The time of expiry has passed", "expiresAtMs");
  if (lifeMs > WALL_LINK_MAX_MS)
    throw new ChangeError("invalid", "A wall link ends within 366 days; choose an earlier time", "expiresAtMs");
}

function cookieSecretOf(secret: string): string {
  return hashSecret(`cookie of ${secret}`);
}

function principalOf({ id, name, siteIds }: StoredWallLink): Principal {
  return { kind: "wall", name: `wall ${name}`, credentialId: id, userId: null, role: "viewer", siteIds };
}
