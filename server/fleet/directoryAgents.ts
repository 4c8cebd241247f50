import type { Range } from "../contract/api.ts";
import { ConfigError } from "../errors.ts";
import { ChangeError } from "./changeError.ts";
import { requireSite } from "./directorySites.ts";
import type { DirectoryState, StoredAgent } from "./directoryState.ts";
import { hashSecret, matchesHash, newId, newSecret, randomLetters } from "./secrets.ts";
import type { AgentRecord, DirectoryPort } from "./ports.ts";
import { readRange } from "./rangeText.ts";
import { mirrorChange, type MirrorChange } from "./recordMirror.ts";

/** How long the code of a new agent can be used. */
export const CODE_VALID_MS = 3_600_000;
const AGENT_LIMIT = 1000;
const RANGES_PER_AGENT_LIMIT = 10_000;

export interface NewCode {
  readonly id: string; // of the agent
  readonly code: string;
  readonly expiresAtMs: number;
}

/** Agents and what they poll. Changes answer null or false where the record is not there, and reject with ChangeError where they cannot be made. */
export interface AgentChanges {
  /** The code is in this answer and nowhere else; good for one enrolment within an hour. */
  createAgent(body: { siteId: string; name: string }): Promise<NewCode>;
  /** A fresh code in place of the one before. The key that the agent may have holds until the code is used. */
  renewCode(id: string): Promise<NewCode>;
  /** A revoked agent stays revoked: its key is gone. */
  changeAgent(id: string, change: { name?: string | undefined; revoked?: true | undefined }): Promise<AgentRecord | null>;
  /** Takes its ranges with it. */
  removeAgent(id: string): Promise<boolean>;
  range(id: string): Range | null;
  createRange(body: { agentId: string; range: string }): Promise<Range>;
  changeRange(id: string, body: { range: string }): Promise<Range | null>;
  removeRange(id: string): Promise<boolean>;
  /**
   * The agent that runs inside the server: made at the first start, with a fresh key at each. `ranges` take the place of those that came from
   * the flag before. Rejects with ConfigError when a range cannot be read.
   */
  ensureEmbedded(input: { ranges: readonly string[] }): Promise<{ agentId: string; key: string }>;
}

export type AgentLookups = Pick<DirectoryPort, "agents" | "agent" | "ranges" | "enrol" | "checkAgentKey" | "noteAgent">;

export function createAgentChanges(state: DirectoryState): AgentChanges & AgentLookups {
  return {
    ...agentLookups(state),
    ...agentChanges(state),
    ...rangeChanges(state),
    ensureEmbedded: (input) => ensureEmbedded(state, input),
  };
}

/** What others may see of an agent: all but the digests. */
function shown({ id, siteId, name, embedded, revoked, enrolledAtMs, codeExpiresAtMs, hostname, program }: StoredAgent): AgentRecord {
  return { id, siteId, name, embedded, revoked, enrolledAtMs, codeExpiresAtMs, hostname, program };
}

/** Codes are read aloud and typed: case, blanks and dashes do not matter. */
function plainCode(code: string): string {
  return code.toLowerCase().replaceAll(/[^0-9a-z]/g, "");
}

function agentLookups(state: DirectoryState): AgentLookups {
  const { agents, ranges } = state;
  return {
    agents: () => agents.values().map(shown),
    agent(id) {
      const agent = agents.get(id);
      return agent === null ? null : shown(agent);
    },
    ranges: (agentId) => (agentId === undefined ? ranges.values() : ranges.values().filter((range) => range.agentId === agentId)),
    enrol: (code, facts) =>
      state.serial(async () => {
        const agent = agents.values().find((each) => each.codeHash !== null && matchesHash(plainCode(code), each.codeHash));
        if (agent === undefined || agent.revoked || (agent.codeExpiresAtMs ?? 0) <= state.clock()) return null;
        const key = newSecret();
        const enrolled = {
          ...agent,
          ...facts,
          keyHash: hashSecret(key),
          codeHash: null,
          codeExpiresAtMs: null,
          enrolledAtMs: state.clock(),
        };
        await state.write([mirrorChange(agents, agent.id, enrolled)], [{ kind: "agent", id: agent.id, removed: false }]);
        return { agentId: agent.id, key };
      }),
    checkAgentKey(agentId, key) {
      const agent = agents.get(agentId);
      return Promise.resolve(agent !== null && !agent.revoked && agent.keyHash !== null && matchesHash(key, agent.keyHash));
    },
    noteAgent: (agentId, { hostname, program }) =>
      state.serial(async () => {
        const agent = agents.get(agentId);
        if (agent === null || (agent.hostname === hostname && agent.program === program)) return;
        await state.write(
          [mirrorChange(agents, agentId, { ...agent, hostname, program })],
          [{ kind: "agent", id: agentId, removed: false }],
        );
      }),
  };
}

function agentChanges(state: DirectoryState): Pick<AgentChanges, "createAgent" | "renewCode" | "changeAgent" | "removeAgent"> {
  const { agents, ranges } = state;
  return {
    createAgent: ({ siteId, name }) =>
      state.serial(async () => {
        if (agents.size >= AGENT_LIMIT) throw new ChangeError("conflict", `There are ${AGENT_LIMIT} agents already, which is the limit`);
        requireSite(state, siteId);
        return giveCode(state, newAgent({ siteId, name, embedded: false, nowMs: state.clock() }));
      }),
    renewCode: (id) =>
      state.serial(async () => {
        const agent = agents.get(id);
        if (agent === null) throw new ChangeError("missing", `There is no agent ${id}`);
        if (agent.embedded) throw new ChangeError("conflict", "The embedded agent needs no code: the server gives it a key at each start");
        if (agent.revoked) throw new ChangeError("conflict", "A revoked agent stays revoked; create another in its place");
        return giveCode(state, agent);
      }),
    changeAgent: (id, change) =>
      state.serial(async () => {
        const agent = agents.get(id);
        if (agent === null) return null;
        if (change.revoked === true) requireSeparate(agent);
        const revocation = change.revoked === true ? { revoked: true, keyHash: null, codeHash: null, codeExpiresAtMs: null } : {};
        const changed = { ...agent, name: change.name ?? agent.name, ...revocation };
        await state.write([mirrorChange(agents, id, changed)], [{ kind: "agent", id, removed: false }]);
        return shown(changed);
      }),
    removeAgent: (id) =>
      state.serial(async () => {
        const agent = agents.get(id);
        if (agent === null) return false;
        if (agent.embedded)
          throw new ChangeError("conflict", "The embedded agent belongs to the server; start it with --no-embedded-agent");
        const itsRanges = ranges.values().filter((range) => range.agentId === id);
        await state.write(
          [mirrorChange(agents, id, null), ...itsRanges.map((range) => mirrorChange(ranges, range.id, null))],
          [
            { kind: "range", agentId: id },
            { kind: "agent", id, removed: true },
          ],
        );
        return true;
      }),
  };
}

async function giveCode(state: DirectoryState, agent: StoredAgent): Promise<NewCode> {
  const code = randomLetters(20);
  const expiresAtMs = state.clock() + CODE_VALID_MS;
  const coded = { ...agent, codeHash: hashSecret(code), codeExpiresAtMs: expiresAtMs };
  await state.write([mirrorChange(state.agents, agent.id, coded)], [{ kind: "agent", id: agent.id, removed: false }]);
  return { id: agent.id, code: code.match(/.{5}/g)?.join("-") ?? code, expiresAtMs };
}

function requireSeparate(agent: StoredAgent): void {
  if (agent.embedded)
    throw new ChangeError("conflict", "The embedded agent belongs to the server; start the server with --no-embedded-agent instead");
}

function newAgent({ siteId, name, embedded, nowMs }: { siteId: string; name: string; embedded: boolean; nowMs: number }): StoredAgent {
  return {
    id: newId(),
    siteId,
    name,
    embedded,
    revoked: false,
    createdAtMs: nowMs,
    enrolledAtMs: null,
    codeHash: null,
    codeExpiresAtMs: null,
    keyHash: null,
    hostname: null,
    program: null,
  };
}

function rangeChanges(state: DirectoryState): Pick<AgentChanges, "range" | "createRange" | "changeRange" | "removeRange"> {
  const { agents, ranges } = state;
  return {
    range: (id) => ranges.get(id),
    createRange: ({ agentId, range: text }) =>
      state.serial(async () => {
        const agent = agents.get(agentId);
        if (agent === null) throw new ChangeError("invalid", `There is no agent ${agentId}`, "agentId");
        const range = { id: newId(), siteId: agent.siteId, agentId, range: freeRange(state, agentId, text, null), source: "user" as const };
        await state.write([mirrorChange(ranges, range.id, range)], [{ kind: "range", agentId }]);
        return range;
      }),
    changeRange: (id, { range: text }) =>
      state.serial(async () => {
        const range = ranges.get(id);
        if (range === null) return null;
        const changed = { ...range, range: freeRange(state, range.agentId, text, id), source: "user" as const };
        await state.write([mirrorChange(ranges, id, changed)], [{ kind: "range", agentId: range.agentId }]);
        return changed;
      }),
    removeRange: (id) =>
      state.serial(async () => {
        const range = ranges.get(id);
        if (range === null) return false;
        await state.write([mirrorChange(ranges, id, null)], [{ kind: "range", agentId: range.agentId }]);
        return true;
      }),
  };
}

/** The range as it is stored. Throws ChangeError when it cannot be read, or when the agent has it already. */
function freeRange(state: DirectoryState, agentId: string, text: string, exceptId: string | null): string {
  const reading = readRange(text);
  if (!reading.ok) throw new ChangeError("invalid", reading.problem, "range");
  const others = state.ranges.values().filter((range) => range.agentId === agentId && range.id !== exceptId);
  if (others.some((range) => range.range === reading.range))
    throw new ChangeError("conflict", `The agent polls ${reading.range} already`, "range");
  if (others.length >= RANGES_PER_AGENT_LIMIT)
    throw new ChangeError("conflict", `The agent has ${RANGES_PER_AGENT_LIMIT} ranges already, which is the limit`);
  return reading.range;
}

function ensureEmbedded(state: DirectoryState, input: { ranges: readonly string[] }): Promise<{ agentId: string; key: string }> {
  const { sites, agents } = state;
  return state.serial(async () => {
    const site = sites.values().at(0);
    if (site === undefined) throw new ChangeError("conflict", "There is no site for the embedded agent");
    const known = agents.values().find((agent) => agent.embedded);
    const agent = known ?? newAgent({ siteId: site.id, name: "Embedded agent", embedded: true, nowMs: state.clock() });
    const key = newSecret();
    const keyed = { ...agent, revoked: false, keyHash: hashSecret(key), enrolledAtMs: agent.enrolledAtMs ?? state.clock() };
    await state.write(
      [mirrorChange(agents, agent.id, keyed), ...flagRanges(state, keyed, input.ranges)],
      [
        { kind: "agent", id: agent.id, removed: false },
        { kind: "range", agentId: agent.id },
      ],
    );
    return { agentId: agent.id, key };
  });
}

function flagRanges(state: DirectoryState, agent: StoredAgent, texts: readonly string[]): MirrorChange[] {
  const { ranges } = state;
  const wanted = new Set(texts.map(requireRange));
  const current = ranges.values().filter((range) => range.agentId === agent.id);
  const gone = current.filter((range) => range.source === "flag" && !wanted.has(range.range));
  for (const { range } of current) wanted.delete(range);
  const added = [...wanted].map((range) => ({ id: newId(), siteId: agent.siteId, agentId: agent.id, range, source: "flag" as const }));
  return [...gone.map(({ id }) => mirrorChange(ranges, id, null)), ...added.map((range) => mirrorChange(ranges, range.id, range))];
}

function requireRange(text: string): string {
  const reading = readRange(text);
  if (!reading.ok) throw new ConfigError(`--ranges: ${reading.problem}`);
  return reading.range;
}
