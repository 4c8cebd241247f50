import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A fresh secret of 256 random bits, 43 letters of base64url. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored in place of a secret. A plain digest is enough: 256 random bits cannot be guessed from it. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** Compares a secret with a stored digest in constant time. */
export function matchesHash(secret: string, storedHash: string): boolean {
  const seen = Buffer.from(hashSecret(secret));
  const stored = Buffer.from(storedHash);
  return seen.length === stored.length && timingSafeEqual(seen, stored);
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Random letters, five bits each, from an alphabet without i, l, o and u: they can be read aloud and typed. */
export function randomLetters(count: number): string {
  return Array.from(randomBytes(count), (byte) => ALPHABET.charAt(byte & 31)).join("");
}

/** A short public id: 50 random bits, unique among the few records of one kind. */
export function newId(): string {
  return randomLetters(10);
}
