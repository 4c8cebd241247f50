import type { z } from "zod";
import type { Token, TokenBody, TokenCreated } from "../contract/api.ts";
import { mirrorChange } from "../fleet/recordMirror.ts";
import type { AccountState, StoredToken } from "./accountState.ts";
import { ChangeError } from "../fleet/changeError.ts";
import type { Principal } from "./principal.ts";
import { hashSecret, matchesHash, newId, newSecret } from "../fleet/secrets.ts";

export type NewToken = z.infer<typeof TokenBody>;
const TOKEN_TEXT = /^hwt_([0-9a-z]{10})_([\w-]{43})$/;
const TOKEN_LIMIT = 10_000;

/** API tokens: `hwt_<id>_<secret>`; only the digest of the secret is kept. */
export interface Tokens {
  list(): Token[];
  get(id: string): Token | null;
  /** The secret is in this answer and nowhere else. Rejects with ChangeError when the time of expiry has passed. */
  create(token: NewToken): Promise<TokenCreated>;
  /** false: no such token. */
  revoke(id: string): Promise<boolean>;
  /** Who a token is; null for one that is unknown, expired or revoked. */
  authenticate(text: string): Promise<Principal | null>;
}

/** The operations on tokens. A token made by another process a moment ago is looked up in the store, at most 20 times a second. */
export function createTokens(state: AccountState): Tokens {
  const shown = ({ id, name, role, siteIds, createdAtMs, expiresAtMs }: StoredToken): Token => {
    return { id, name, role, siteIds, createdAtMs, expiresAtMs, lastUsedAtMs: state.lastUseMs(id) };
  };
  const mayLookUp = createLookupLimit(state.clock);

  async function find(id: string): Promise<StoredToken | null> {
    const known = state.tokens.get(id);
    if (known !== null || !mayLookUp()) return known;
    const document = await state.records.get("token", id);
    if (document === null || document === undefined) return null;
    const token = state.tokens.read(id, document);
    state.tokens.put(id, token);
    return token;
  }

  return {
    list: () => state.tokens.values().map(shown),
    get(id) {
      const token = state.tokens.get(id);
      return token === null ? null : shown(token);
    },
    create: (body) =>
      state.serial(async () => {
        if (body.expiresAtMs !== null && body.expiresAtMs <= state.clock())
          throw new ChangeError("invalid", "The time of expiry has passed", "expiresAtMs");
        if (state.tokens.size >= TOKEN_LIMIT)
          throw new ChangeError("conflict", `There are ${TOKEN_LIMIT} tokens already; revoke some first`);
        const id = newId();
        const secret = newSecret();
        const token = { id, ...body, secretHash: hashSecret(secret), createdAtMs: state.clock() };
        await state.write([mirrorChange(state.tokens, id, token)]);
        return { ...shown(token), token: `hwt_${id}_${secret}` };
      }),
    revoke: (id) =>
      state.serial(async () => {
        if (state.tokens.get(id) === null) return false;
        await state.write([mirrorChange(state.tokens, id, null)]);
        return true;
      }),
    async authenticate(text) {
      const [, id = "", secret = ""] = TOKEN_TEXT.exec(text) ?? [];
      const token = id === "" ? null : await find(id);
      if (token === null || !matchesHash(secret, token.secretHash)) return null;
      if (token.expiresAtMs !== null && token.expiresAtMs <= state.clock()) return null;
      state.touch(id);
      return { kind: "token", name: `token ${token.name}`, credentialId: id, userId: null, role: token.role, siteIds: token.siteIds };
    },
  };
}

const LOOKUPS_PER_SECOND = 20;

/** Keeps a flood of made-up tokens from becoming a flood of queries. */
function createLookupLimit(clock: () => number): () => boolean {
  let secondStartMs = 0;
  let count = 0;
  return () => {
    if (clock() - secondStartMs >= 1000) {
      secondStartMs = clock();
      count = 0;
    }
    count += 1;
    return count <= LOOKUPS_PER_SECOND;
  };
}
