import type { RawReply } from "../../server/contract/agentLink.ts";
import type { ReportedIdentity } from "../../server/contract/identity.ts";
import type { AgentSample, PollFailure } from "../../server/contract/sample.ts";
import type { Answer, Asking, Client } from "../cgminer/client.ts";
import { frameReply, type RawObject } from "../cgminer/framing.ts";
import type { LayoutHint } from "../cgminer/replyReader.ts";
import type { ReplyTemplate } from "../cgminer/template.ts";
import { isMinerReply, isRefusal, partOfJoined, rowsOf, statusCodeOf } from "../cgminer/replies.ts";
import type { Clock } from "../clock.ts";
import { decodeSample, hasReadings } from "../decode/decode.ts";
import { identify, identifyHttp, type Identified } from "../decode/identity.ts";
import { overlay, type LearnedFacts } from "../decode/overlay.ts";
import { decodePools, NO_POOLS } from "../decode/pools.ts";
import { typeOf, type CommandName, type DecodedPools } from "../decode/replies.ts";
import { KeptReplies } from "./keptReplies.ts";
import { forgetCommands, isEssential, isLastCommand, newPlanMemory, nextCommands, requestFor } from "./plan.ts";
import type { Endpoint, MinerPoller, PollDeadlines, PollOutcome } from "./ports.ts";

export interface PollerOptions {
  readonly client: Client;
  readonly clock: PollClock;
}
type PollClock = Pick<Clock, "nowMs" | "monotonicMs">;

/** A miner's poller; what it remembers is kept small, for there are ten thousand of them. Without sockets of its own: nothing to close. */
export function createPoller(endpoint: Endpoint, options: PollerOptions): MinerPoller {
  return new Poller(endpoint, options);
}

/** One poll under way. */
interface Run {
  readonly deadlines: PollDeadlines;
  readonly done: (outcome: PollOutcome) => void;
  readonly startedAtMs: number; // monotonic
  readonly asked: Set<CommandName>;
  readonly replies: { [C in CommandName]?: RawObject };
  asking: Asking | null;
  hasRetried: boolean;
  hasAnswer: boolean;
  isVersionNew: boolean;
  malformed: Malformed | null;
}
interface Malformed {
  readonly command: string;
  readonly bytes: Uint8Array;
}
interface Failed {
  readonly failure: PollFailure;
  readonly detail: string;
  readonly answered: boolean;
}

/** Replies that change rarely and are small stay parsed between polls. */
const KEPT_COMMANDS = ["version", "config"] as const;
/** Pools that could not be asked for longer than this are no longer shown as the miner's. */
const POOLS_MAX_AGE_MS = 5 * 60_000;
/** Commands whose replies tell who the machine is. */
const TELLING: ReadonlySet<CommandName> = new Set(["version", "stats", "config", "devs"]);
const ACCESS_DENIED = 45;
const INVALID_COMMAND = 14;

class Poller implements MinerPoller {
  readonly endpoint: Endpoint;
  private readonly client: Client;
  private readonly clock: PollClock;
  private readonly plan = newPlanMemory();
  private readonly latest = new KeptReplies();
  private readonly kept: { version?: RawObject; config?: RawObject } = {};
  private readonly layout: LayoutHint = { template: null }; // of `stats`
  private run: Run | null = null;
  private facts: LearnedFacts = {};
  private told: Identified | null = null; // by 4028 alone
  private identified: Identified | null = null; // with what was learned
  private type: string | null = null; // of the reply that told who it is
  private version: string | null = null; // the same for VERSION
  private isIdentityNew = false;
  private pools: DecodedPools = NO_POOLS;
  private poolsAtMs = -Infinity;
  private uptimeMs: number | null = null;

  constructor(endpoint: Endpoint, { client, clock }: PollerOptions) {
    this.endpoint = endpoint;
    this.client = client;
    this.clock = clock;
  }

  poll(deadlines: PollDeadlines, done: (outcome: PollOutcome) => void): void {
    if (this.run !== null) throw new TypeError(`A poll of ${this.endpoint.address}:${this.endpoint.port} is already under way`);
    this.run = {
      deadlines,
      done,
      startedAtMs: this.clock.monotonicMs(),
      asked: new Set(),
      replies: { ...this.kept },
      asking: null,
      hasRetried: false,
      hasAnswer: false,
      isVersionNew: false,
      malformed: null,
    };
    this.askNext(this.run);
  }

  abort(): void {
    this.run?.asking?.abort();
    this.run = null;
  }

  replies(): RawReply[] {
    return this.latest.all();
  }

  learn(facts: LearnedFacts): void {
    this.facts = { ...this.facts, ...facts };
    if (this.told !== null) this.setIdentity(this.told);
  }

  private askNext(run: Run): void {
    const commands = nextCommands(this.plan, run.asked, this.clock.monotonicMs());
    if (commands.length === 0) this.conclude(run);
    else this.ask(run, commands);
  }

  private ask(run: Run, commands: readonly CommandName[]): void {
    const { address, port } = this.endpoint;
    const { connectTimeoutMs, replyTimeoutMs } = run.deadlines;
    const question = { address, port, request: requestFor(commands), connectTimeoutMs, replyTimeoutMs };
    run.asking = this.client.ask(question, (answer) => {
      run.asking = null;
      this.answered(run, commands, answer);
    });
  }

  private answered(run: Run, commands: readonly CommandName[], answer: Answer): void {
    if (!answer.ok) {
      if (answer.bytes !== null) this.keepReply(commands, Buffer.from(answer.bytes), answer.failure);
      this.unreadable(run, commands, answer, answer.bytes);
      return;
    }
    const isLast = this.endsWith(run, commands);
    const { bytes = Buffer.from(answer.text) } = answer;
    const framed = isLast ? this.client.reader.readShared(bytes, this.layout) : frameReply(answer.text);
    if (framed.ok && (commands.length > 1 || isMinerReply(framed.value))) {
      this.keepReply(commands, bytes, null, isLast ? this.layout.template : null);
      this.accept(run, commands, framed.value, isLast);
      return;
    }
    const failed = framed.ok ? NOT_A_MINER : framed;
    this.keepReply(commands, bytes, failed.failure);
    if (!framed.ok && framed.http) {
      this.fail(run, { ...failed, answered: true }, identifyHttp(this.clock.nowMs()));
      return;
    }
    this.unreadable(run, commands, { ...failed, answered: true }, bytes.length === 0 ? null : Buffer.from(bytes));
  }

  /** No object came back. A cut reply is asked for once more; what the sample does not rest on is done without. */
  private unreadable(run: Run, commands: readonly CommandName[], failed: Failed, bytes: Uint8Array | null): void {
    run.hasAnswer ||= failed.answered;
    if (bytes !== null && bytes.length > 0) run.malformed ??= { command: commands.join("+"), bytes };
    const isReadingTrouble = failed.failure === "truncated" || failed.failure === "undecodable";
    if (failed.failure === "truncated" && !run.hasRetried) {
      run.hasRetried = true;
      this.ask(run, commands);
      return;
    }
    if (commands.length > 1 && isReadingTrouble) {
      this.plan.joins = "refused";
      this.askNext(run);
      return;
    }
    for (const command of commands) run.asked.add(command);
    const isDispensable = commands.every((command) => !isEssential(this.plan, command));
    if (isDispensable && isReadingTrouble) {
      this.askNext(run);
      return;
    }
    if (isDispensable && hasReadings(run.replies)) {
      this.conclude(run);
      return;
    }
    this.fail(run, failed, null);
  }

  /** True when `stats` is the last command of the poll, so that its reply is decoded before any other is read. */
  private endsWith(run: Run, commands: readonly CommandName[]): boolean {
    if (commands.length !== 1 || !commands.includes("stats")) return false;
    return isLastCommand(this.plan, run.asked, "stats", this.clock.monotonicMs());
  }

  private accept(run: Run, commands: readonly CommandName[], value: RawObject, isLast: boolean): void {
    run.hasAnswer = true;
    if (commands.length > 1) this.storeJoined(run, commands, value);
    else for (const command of commands) this.store(run, command, value);
    if (isLast && run.replies.stats === value) this.conclude(run);
    else this.askNext(run);
  }

  private storeJoined(run: Run, commands: readonly CommandName[], value: RawObject): void {
    const parts = commands.map((command) => [command, partOfJoined(value, command)] as const);
    this.plan.joins = parts.every(([, part]) => part !== undefined) ? "works" : "refused";
    if (this.plan.joins === "refused") return;
    for (const [command, part] of parts) if (part !== undefined) this.store(run, command, part);
  }

  private store(run: Run, command: CommandName, value: RawObject): void {
    const nowMs = this.clock.monotonicMs();
    run.asked.add(command);
    if (command === "version") this.plan.mustAskVersion = false;
    if (isRefusal(value)) {
      const code = statusCodeOf(value);
      this.plan.refusedAtMs.set(command, code === INVALID_COMMAND || code === ACCESS_DENIED ? Infinity : nowMs);
    } else {
      this.plan.refusedAtMs.delete(command);
      this.plan.answeredAtMs.set(command, nowMs);
      run.replies[command] = value;
      this.remember(command, value, nowMs);
    }
    this.reidentify(run, command);
  }

  private remember(command: CommandName, value: RawObject, nowMs: number): void {
    if (KEPT_COMMANDS.some((kept) => kept === command)) this.kept[command as (typeof KEPT_COMMANDS)[number]] = value;
    if (command !== "pools") return;
    this.pools = decodePools(value);
    this.poolsAtMs = nowMs;
  }

  /** Who it is, is told by `version`, by the Type in `stats`, by `config`, and for BOSminer by the description in `devs`. */
  private reidentify(run: Run, command: CommandName): void {
    if (command === "version" && !this.isNewVersion(run)) return;
    if (command === "stats" && this.told !== null && typeOf(run.replies) === this.type && !run.isVersionNew) return;
    if (command === "devs" && (this.told?.machine.family !== "braiins" || this.told.reported.model !== null)) return;
    if (!TELLING.has(command) && this.told !== null) return;
    const type = typeOf(run.replies);
    if (command === "stats" && this.type !== null && type !== this.type && !run.asked.has("version")) this.plan.mustAskVersion = true;
    this.type = type;
    this.told = identify(run.replies, this.clock.nowMs());
    this.plan.family = this.told.machine.family;
    this.setIdentity(this.told);
  }

  private isNewVersion(run: Run): boolean {
    const version = JSON.stringify(rowsOf(run.replies.version, "VERSION"));
    run.isVersionNew = version !== this.version;
    this.version = version;
    return run.isVersionNew || this.told === null;
  }

  private setIdentity(told: Identified): void {
    const identified = overlay(told, this.facts);
    if (this.identified !== null && isSameIdentity(this.identified.reported, identified.reported)) return;
    this.identified = identified;
    this.isIdentityNew = true;
  }

  private conclude(run: Run): void {
    if (this.identified === null || !hasReadings(run.replies)) {
      this.fail(run, NOTHING_TO_READ, null);
      return;
    }
    const nowMs = this.clock.monotonicMs();
    const sample = decodeSample({
      replies: run.replies,
      machine: this.identified.machine,
      pools: nowMs - this.poolsAtMs <= POOLS_MAX_AGE_MS ? this.pools : NO_POOLS,
      agentAtMs: this.clock.nowMs(),
      durationMs: nowMs - run.startedAtMs,
    });
    this.watchUptime(sample);
    const identityChanged = this.isIdentityNew;
    this.isIdentityNew = false;
    this.run = null;
    run.done({ ok: true, sample, identity: this.identified.reported, identityChanged });
  }

  /** A program that started anew may be another one. */
  private watchUptime({ uptimeMs }: AgentSample): void {
    if (uptimeMs !== null && this.uptimeMs !== null && uptimeMs < this.uptimeMs) forgetCommands(this.plan);
    this.uptimeMs = uptimeMs ?? this.uptimeMs;
  }

  private fail(run: Run, failed: Failed, identity: ReportedIdentity | null): void {
    const toldNow = run.asked.size > 0 && run.hasAnswer ? (this.identified?.reported ?? null) : null;
    this.run = null;
    run.done({
      ok: false,
      agentAtMs: this.clock.nowMs(),
      durationMs: this.clock.monotonicMs() - run.startedAtMs,
      failure: failed.failure,
      detail: failed.detail.slice(0, 500),
      answered: failed.answered || run.hasAnswer,
      identity: identity ?? toldNow,
      malformed: run.malformed,
    });
  }

  private keepReply(
    commands: readonly CommandName[],
    reply: Buffer,
    failure: PollFailure | null,
    template: ReplyTemplate | null = null,
  ): void {
    if (commands.length > 1) for (const command of commands) this.latest.forget(command);
    this.latest.keep(commands.join("+"), reply, { atMs: this.clock.nowMs(), failure }, template);
  }
}

const NOT_A_MINER: Failed & { readonly failure: PollFailure } = {
  failure: "notMiner",
  detail: "answered JSON without the STATUS of a miner's reply",
  answered: true,
};
const NOTHING_TO_READ: Failed = {
  failure: "undecodable",
  detail: "answers, but refuses both stats and summary: nothing to read from it",
  answered: true,
};

function isSameIdentity(a: ReportedIdentity, b: ReportedIdentity): boolean {
  const bare = (identity: ReportedIdentity): string =>
    JSON.stringify({ ...identity, evidence: identity.evidence.map(({ kind, value, source }) => [kind, value, source]) });
  return bare(a) === bare(b);
}
