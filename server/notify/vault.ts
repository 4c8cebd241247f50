import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../errors.ts";

/** Keeps secrets that must be read again, so that a copy of the database alone gives none away. */
export interface Vault {
  seal(plain: string): string;
  /** Throws StoreError where it was sealed with another key, or damaged. */
  open(sealed: string): string;
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "v1.";

/** Opens the vault of a data directory; its key file, for the owner alone, is made when it is first needed. */
export function openVault(dataDir: string): Vault {
  let key: Buffer | null = null;
  return createVault(() => (key ??= readOrMakeKey(join(dataDir, "secrets.key"))));
}

/** AES-256-GCM; a value is `v1.` and base64url of IV, tag and text. */
export function createVault(key: () => Buffer): Vault {
  return {
    seal(plain) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key(), iv);
      const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return VERSION + Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), "base64url");
      try {
        const decipher = createDecipheriv("aes-256-gcm", key(), bytes.subarray(0, IV_BYTES));
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new StoreError("A stored secret cannot be read with secrets.key of the data directory; enter it again", { cause });
      }
    },
  };
}

function readOrMakeKey(file: string): Buffer {
  try {
    writeFileSync(file, randomBytes(KEY_BYTES).toString("base64url"), { mode: 0o600, flag: "wx", flush: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw new StoreError(`Cannot write ${file}`, { cause });
  }
  const key = Buffer.from(readFileSync(file, "utf8").trim(), "base64url");
  if (key.length !== KEY_BYTES) throw new StoreError(`${file} holds no key of ${KEY_BYTES} bytes; restore it from a backup`);
  return key;
}
