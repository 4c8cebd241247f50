import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Emulator } from "../emulator/emulator.ts";
import { PROFILES } from "../emulator/profiles/catalogue.ts";
import type { MinerProfile } from "../emulator/profiles/profile.ts";
import { ask, startStill } from "./emulatorClient.ts";

interface Meta {
  model: string | null;
  firmware: string;
  rawness: string;
  expected: { sleeping?: boolean; hashing?: boolean; minerCount?: number; boards?: { slot?: number }[] };
}
interface Recording {
  slug: string;
  folder: string;
  meta: Meta;
  profile: MinerProfile;
}

const COMMANDS = ["version", "summary", "stats", "pools", "devs", "fans", "temps", "power", "config"];
const plain = (model: string | null): string | null => model?.toLowerCase().replace(/[\s.]/g, "") ?? null;

const recordingsDir = process.env.RECORDINGS_DIR;
if (recordingsDir !== undefined && recordingsDir !== "") {
  const recordings = recordingsOf(recordingsDir);

  describe("emulator beside recordings of the same model and firmware", () => {
    it("has some to be compared with", () => {
      expect(recordings.length).toBeGreaterThan(5);
    });

    for (const recording of recordings) {
      describe(recording.slug, () => {
        let emulator: Emulator;
        beforeAll(async () => {
          emulator = await emulatorLike(recording);
        });
        afterAll(() => emulator.close());

        for (const command of COMMANDS) {
          const file = fileOf(recording, command);
          if (file === null) continue;
          it(`answers ${command} with the same keys, types and punctuation`, async () => {
            const recorded = readFileSync(file, "latin1");
            const answered = await ask(emulator, 0, { command });
            const compare = comparisonFor(recording, command);
            expect(compare(answered)).toEqual(compare(recorded));
          });
        }

        const cgiStats = fileOf(recording, "cgi-stats");
        if (cgiStats !== null) {
          it("answers stats of the new API with the recorded keys, in their order", async () => {
            const answered = keysIn(await ask(emulator, 0, { command: "stats", new_api: true }));
            const recorded = keysIn(readFileSync(cgiStats, "latin1"));
            let at = 0;
            for (const key of recorded) {
              const found = answered.indexOf(key, at);
              expect(found, `${key} after position ${at}`).toBeGreaterThanOrEqual(0);
              at = found + 1;
            }
          });
        }
      });
    }
  });
}

function recordingsOf(dir: string): Recording[] {
  const found: Recording[] = [];
  for (const slug of readdirSync(dir).sort()) {
    const folder = join(dir, slug);
    if (!existsSync(join(folder, "meta.json"))) continue;
    const meta = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8")) as Meta;
    const profile = PROFILES.find(({ model, firmware }) => plain(model) === plain(meta.model) && firmware === meta.firmware);
    if (profile !== undefined) found.push({ slug, folder, meta, profile });
  }
  return found.filter((recording) => COMMANDS.some((command) => fileOf(recording, command) !== null));
}

/** The recorded file of a command. Recordings were put together: what another program or another model answered is not the unit's own. */
function fileOf({ slug, folder, profile }: Recording, command: string): string | null {
  const file = [".json", ".txt"].map((ending) => join(folder, command + ending)).find((path) => existsSync(path)) ?? null;
  if (file === null) return null;
  const text = readFileSync(file, "latin1");
  const description = /"Description": ?"([^"]*)"/.exec(text)?.[1];
  if (description !== undefined && !sameProgram(description, profile.program.description)) return null;
  if (command !== "pools") return file;
  const twin = readdirSync(join(folder, ".."))
    .filter((other) => other < slug && existsSync(join(folder, "..", other, "pools.json")))
    .find((other) => readFileSync(join(folder, "..", other, "pools.json"), "latin1") === text);
  return twin === undefined || modelOf(join(folder, "..", twin)) === modelOf(folder) ? file : null;
}

/** `bmminer 1.0.0`: the names agree, and the versions where both say one. */
function sameProgram(one: string, other: string): boolean {
  const [nameA, versionA] = one.split(" ");
  const [nameB, versionB] = other.split(" ");
  return nameA === nameB && (versionA === versionB || !/^\d/.test(versionA) || !/^\d+(\.\d+)*$/.test(versionB));
}

function modelOf(folder: string): string | null {
  return (JSON.parse(readFileSync(join(folder, "meta.json"), "utf8")) as Meta).model;
}

/** One miner in the state in which the recorded one was. */
async function emulatorLike({ meta, profile }: Recording): Promise<Emulator> {
  const { emulator } = await startStill({ count: 1, models: [profile.key] });
  const { boards = [], minerCount, sleeping, hashing } = meta.expected;
  if (minerCount !== undefined && minerCount < profile.chains.length) {
    const answering = boards.map((board) => board.slot);
    const missing = answering.length === 0 ? 0 : profile.chains.findIndex((chain) => !answering.includes(chain));
    await emulator.inject({ miners: "all", fault: "deadBoard", board: missing });
  }
  if (sleeping === true) await emulator.inject({ miners: "all", fault: "sleep", bootMs: 0 });
  else if (hashing === false) await emulator.inject({ miners: "all", fault: "overheat", climbMs: 0 });
  await emulator.settle();
  return emulator;
}

/** As much as the recording has kept of the wire: all of it, the order of keys, or which keys there are. */
function comparisonFor({ meta }: Recording, command: string): (text: string) => string[] {
  const mask = (text: string): string => masked(text, command === "pools" ? () => '"text"' : maskText);
  if (meta.rawness.startsWith("verbatim")) return (text) => pieces(withoutTwins(mask(text)));
  if (meta.rawness.startsWith("re-indented")) return (text) => pieces(withoutTwins(mask(unspaced(text))));
  return (text) =>
    [...new Set(pieces(mask(unspaced(text))).map((piece) => piece.replace(/[{}[\],]/g, "")))].filter((piece) => piece !== "").sort();
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]|\s+/g;

/** Values become their kind: text of digits keeps its form, numbers whether they have a point, all else its type. Keys and blanks stay. */
function masked(text: string, maskText: (token: string) => string): string {
  const tokens = text.match(TOKEN) ?? [];
  return tokens
    .map((token, n) => {
      const isKey = token.startsWith('"') && tokens.slice(n + 1, n + 3).find((next) => next.trim() !== "") === ":";
      if (isKey) return token;
      if (token.startsWith('"')) return maskText(token);
      if (/^-?\d/.test(token)) return /[.eE]/.test(token) ? "0.0" : "0";
      if (token === "true" || token === "false") return "bool";
      return token;
    })
    .join("");
}

function maskText(token: string): string {
  if (/^"-?\d+(\.\d+)?"$/.test(token)) return token.includes(".") ? '"0.0"' : '"0"';
  if (/^"-?\d+(--?\d+)+"$/.test(token)) return `"${"t".repeat(token.split(/-/).length)}"`;
  if (/^" ?[ox]+( [ox]+)+"$/.test(token)) return token.replaceAll("x", "o");
  return '"text"';
}

function unspaced(text: string): string {
  return (text.match(TOKEN) ?? []).filter((token) => token.trim() !== "").join("");
}

/** Rows that look alike count once: how many pools there are is the operator's business. */
function withoutTwins(text: string): string {
  return text.replaceAll(/(\{[^{}]*\})(?:, ?\1)+/g, "$1");
}

/** One key with its value per line, so that a difference names itself. */
function pieces(text: string): string[] {
  return text.split(/(?="[^"]*"\s*:)/);
}

function keysIn(text: string): string[] {
  return [...text.matchAll(/"([^"]+)"\s*:/g)].map(([, key]) => key);
}
