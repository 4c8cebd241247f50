import { createHash } from "node:crypto";
import { unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "./errors.ts";

const SOCKET_PATH_MAX = 100; // the kernel's limit is 108 bytes on Linux, 104 elsewhere

/** Keeps a second agent out of a folder for as long as this process lives; what a killed one left does not stand in the way. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Takes the lock of a folder. Throws ConfigError when another agent holds it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = socketPath(folder);
  if (await isAlive(path)) throw new ConfigError(`--data-dir: another agent is running in ${folder}`);
  await unlink(path).catch(() => undefined);
  const server = await listen(path);
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A socket, since only a living process can answer on it: a number in a file may by now belong to somebody else. */
function socketPath(folder: string): string {
  const path = join(folder, "lock.sock");
  if (Buffer.byteLength(path) <= SOCKET_PATH_MAX) return path;
  return join(tmpdir(), `hashwatch-${createHash("sha256").update(folder).digest("hex").slice(0, 24)}.sock`);
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen(path, () => resolve(server));
    server.unref();
  });
}
