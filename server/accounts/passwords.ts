import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { createSemaphore } from "./semaphore.ts";

/** Cost of scrypt: memory is 128 · N · r bytes, time grows with N · r · p. */
export interface PasswordCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}
/** 32 MB and about half a second of one core per password. */
export const PASSWORD_COST: PasswordCost = { N: 2 ** 15, r: 8, p: 3 };
const HASH_BYTES = 32;

// Two at a time keep sign-in from taking the whole thread pool and more than 64 MB; who comes when 50 wait is told to try again.
const limited = createSemaphore({ concurrency: 2, queueLength: 50 });

/** Rules for a new password, the same at the command line as in the HTTP API. */
export const Password = z.string().min(10).max(1000);

/**
 * Hashes a password with a fresh salt. The answer is `scrypt$N$r$p$salt$hash` (base64url), so that the cost can rise later.
 * Rejects with BusyError when too many wait.
 */
export async function hashPassword(password: string, cost: PasswordCost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/** True when the password belongs to the stored text; false as well when that text is not one of ours. Rejects with BusyError. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parts = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (parts === null) return false;
  const [, N, r, p, salt = "", hash = ""] = parts;
  const expected = Buffer.from(hash, "base64url");
  const seen = await derive(password, Buffer.from(salt, "base64url"), { N: Number(N), r: Number(r), p: Number(p) });
  return seen.length === expected.length && timingSafeEqual(seen, expected);
}

function derive(password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
  const maxmem = 128 * cost.r * (cost.N + cost.p) + (1 << 20);
  return limited(
    () =>
      new Promise((resolve, reject) => {
        scrypt(password.normalize("NFKC"), salt, HASH_BYTES, { ...cost, maxmem }, (error, key) => {
          if (error === null) resolve(key);
          else reject(error);
        });
      }),
  );
}
