import { createHash } from "node:crypto";
import type { Credential } from "./credentials.ts";

export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  readonly qop: "auth" | null; // null: RFC 2069, without qop
}

/** Reads a `WWW-Authenticate` header. null: not Digest with MD5 (the only one that stock miners speak). */
export function parseDigestChallenge(header: string): DigestChallenge | null {
  if (!/^digest\s/i.test(header)) return null;
  const fields = new Map<string, string>();
  for (const match of header.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/gi)) {
    fields.set((match.at(1) ?? "").toLowerCase(), match.at(2) ?? match.at(3) ?? "");
  }
  const { realm, nonce, algorithm } = {
    realm: fields.get("realm"),
    nonce: fields.get("nonce"),
    algorithm: fields.get("algorithm") ?? "MD5",
  };
  if (realm === undefined || nonce === undefined || algorithm.toUpperCase() !== "MD5") return null;
  const qop = (fields.get("qop") ?? "").split(",").some((option) => option.trim() === "auth") ? "auth" : null;
  return { realm, nonce, opaque: fields.get("opaque") ?? null, qop };
}

/** The `Authorization` header that answers a challenge (RFC 2617). */
export function digestAuthorization(
  challenge: DigestChallenge,
  { username, password }: Credential,
  request: { method: string; path: string; cnonce: string },
): string {
  const ha1 = md5(`${username}:${challenge.realm}:${password}`);
  const ha2 = md5(`${request.method}:${request.path}`);
  const count = "00000001";
  const middle = challenge.qop === null ? challenge.nonce : [challenge.nonce, count, request.cnonce, challenge.qop].join(":");
  const quoted = { username, realm: challenge.realm, nonce: challenge.nonce, uri: request.path, response: md5(`${ha1}:${middle}:${ha2}`) };
  const parts = Object.entries(quoted).map(([name, value]) => `${name}="${value}"`);
  if (challenge.opaque !== null) parts.push(`opaque="${challenge.opaque}"`);
  if (challenge.qop !== null) parts.push(`qop=${challenge.qop}`, `nc=${count}`, `cnonce="${request.cnonce}"`);
  return `Digest ${parts.join(", ")}`;
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
