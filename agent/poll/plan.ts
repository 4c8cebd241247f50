import type { CommandName, FirmwareFamily } from "../decode/replies.ts";

const MINUTE_MS = 60_000;
const POLL = 0; // asked in every poll

interface Cadence {
  readonly command: CommandName;
  readonly everyMs: number;
}

/** `stats` last: by far the largest reply, it is decoded as it comes and never kept while another is waited for. */
const STOCK: readonly Cadence[] = [
  { command: "summary", everyMs: POLL },
  { command: "pools", everyMs: MINUTE_MS },
  { command: "stats", everyMs: POLL },
];
/** `summary` counts the shares of fee pools as well there, so that it adds nothing to `pools`. */
const WITH_FEE: readonly Cadence[] = [
  { command: "pools", everyMs: MINUTE_MS },
  { command: "summary", everyMs: MINUTE_MS },
  { command: "stats", everyMs: POLL },
];
const BRAIINS: readonly Cadence[] = [
  { command: "summary", everyMs: POLL },
  { command: "devs", everyMs: POLL },
  { command: "temps", everyMs: POLL },
  { command: "fans", everyMs: POLL },
  { command: "pools", everyMs: MINUTE_MS },
];
const LUXOS: readonly Cadence[] = [
  { command: "stats", everyMs: POLL },
  { command: "summary", everyMs: POLL },
  { command: "devs", everyMs: POLL },
  { command: "temps", everyMs: POLL },
  { command: "power", everyMs: POLL },
  { command: "pools", everyMs: MINUTE_MS },
  { command: "config", everyMs: MINUTE_MS },
];
/** Programs of which nothing is known but that they speak the protocol. */
const GENERIC: readonly Cadence[] = [
  { command: "stats", everyMs: POLL },
  { command: "summary", everyMs: POLL },
  { command: "devs", everyMs: POLL },
  { command: "pools", everyMs: MINUTE_MS },
];

const CADENCES: Readonly<Record<FirmwareFamily, readonly Cadence[]>> = {
  stock: STOCK,
  hiveon: STOCK,
  asicseer: STOCK,
  vnish: WITH_FEE,
  msk: WITH_FEE,
  braiins: BRAIINS,
  luxos: LUXOS,
  marathon: GENERIC,
  epic: GENERIC,
  cgminer: GENERIC,
  unknown: GENERIC,
};

/** Firmware that answers joined commands ("summary+stats"); stock 2020+ does not, and older stock cannot be told from it by its version. */
const JOINING: ReadonlySet<FirmwareFamily> = new Set(["braiins", "luxos", "asicseer", "cgminer"]);

const VERSION_EVERY_MS = 10 * MINUTE_MS;
const REFUSED_RETRY_MS = 10 * MINUTE_MS;

/** What the plan needs to know of one miner. Instants are of a clock that never goes back. */
export interface PlanMemory {
  family: FirmwareFamily | null; // null: not yet told
  /** When a command was last answered; absent: never. */
  readonly answeredAtMs: Map<CommandName, number>;
  /** When it was refused; Infinity: it does not exist here, not asked again until the version changes. */
  readonly refusedAtMs: Map<CommandName, number>;
  mustAskVersion: boolean;
  joins: "untried" | "works" | "refused";
}

export function newPlanMemory(): PlanMemory {
  return { family: null, answeredAtMs: new Map(), refusedAtMs: new Map(), mustAskVersion: true, joins: "untried" };
}

/** Whatever was learned about commands is void: another program may answer now. */
export function forgetCommands(memory: PlanMemory): void {
  memory.answeredAtMs.clear();
  memory.refusedAtMs.clear();
  memory.mustAskVersion = true;
  memory.joins = "untried";
}

/**
 * The commands to send next in a poll in which `asked` were sent already: one, or several to be joined in one request. Empty: the poll is complete.
 * `version` comes first when it is due and alone when nothing else is, so that every poll asks something.
 */
export function nextCommands(memory: PlanMemory, asked: ReadonlySet<CommandName>, nowMs: number): readonly CommandName[] {
  if (!asked.has("version") && isVersionDue(memory, nowMs)) return ["version"];
  const first = firstDue(memory, asked, null, nowMs);
  if (first !== null) return mayJoin(memory) ? joined(memory, dueCommands(memory, asked, nowMs), first) : [first];
  if (isNewStatsDue(memory, asked)) return ["newStats"];
  return asked.size === 0 ? ["version"] : [];
}

/** True when nothing is left to send once `command` is answered as well. */
export function isLastCommand(memory: PlanMemory, asked: ReadonlySet<CommandName>, command: CommandName, nowMs: number): boolean {
  if (!asked.has("version") && command !== "version" && isVersionDue(memory, nowMs)) return false;
  return firstDue(memory, asked, command, nowMs) === null && !isNewStatsDue(memory, asked);
}

/** True for what a sample rests on: asked in every poll, so that its failure is the poll's. */
export function isEssential(memory: PlanMemory, command: CommandName): boolean {
  return cadencesOf(memory).some((cadence) => cadence.command === command && cadence.everyMs === POLL);
}

function cadencesOf(memory: PlanMemory): readonly Cadence[] {
  return CADENCES[memory.family ?? "unknown"];
}

/** The first command that is due, was not asked and is not `except`. */
function firstDue(memory: PlanMemory, asked: ReadonlySet<CommandName>, except: CommandName | null, nowMs: number): CommandName | null {
  for (const cadence of cadencesOf(memory)) {
    if (cadence.command !== except && !asked.has(cadence.command) && isDue(memory, cadence, nowMs)) return cadence.command;
  }
  return null;
}

function dueCommands(memory: PlanMemory, asked: ReadonlySet<CommandName>, nowMs: number): CommandName[] {
  return cadencesOf(memory)
    .filter((cadence) => !asked.has(cadence.command) && isDue(memory, cadence, nowMs))
    .map(({ command }) => command);
}

function isVersionDue(memory: PlanMemory, nowMs: number): boolean {
  if (memory.refusedAtMs.has("version")) return false;
  return memory.mustAskVersion || nowMs - (memory.answeredAtMs.get("version") ?? -Infinity) >= VERSION_EVERY_MS;
}

function isDue(memory: PlanMemory, { command, everyMs }: Cadence, nowMs: number): boolean {
  const refusedAtMs = memory.refusedAtMs.get(command);
  if (refusedAtMs !== undefined) return nowMs - refusedAtMs >= REFUSED_RETRY_MS;
  const answeredAtMs = memory.answeredAtMs.get(command);
  return answeredAtMs === undefined || nowMs - answeredAtMs >= everyMs;
}

/** The rewritten program of 2020+ may refuse the old `stats` and still give the new one. */
function isNewStatsDue(memory: PlanMemory, asked: ReadonlySet<CommandName>): boolean {
  const isRewrite = memory.family === "stock" && memory.refusedAtMs.has("stats");
  return isRewrite && !memory.refusedAtMs.has("newStats") && !asked.has("newStats");
}

/** Joining is tried once every single command has been answered or refused, so that its failure says something. */
function mayJoin(memory: PlanMemory): boolean {
  return memory.family !== null && JOINING.has(memory.family) && memory.joins !== "refused";
}

function joined(memory: PlanMemory, due: readonly CommandName[], first: CommandName): readonly CommandName[] {
  const known = due.filter((command) => memory.answeredAtMs.has(command));
  return known.length > 1 && known.includes(first) ? known : [first];
}

/** The whole request for these commands. One `write` of it, nothing behind it. */
export function requestFor(commands: readonly CommandName[]): string {
  const [command] = commands;
  return commands.length === 1 && command === "newStats" ? '{"command":"stats","new_api":true}' : `{"command":"${commands.join("+")}"}`;
}
