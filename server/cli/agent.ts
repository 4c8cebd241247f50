import { setFlagsFromString } from "node:v8";
import { agentConfig } from "../../agent/config.ts";
import { createAgentLog, startAgent, type RunningAgent } from "../../agent/main.ts";
import type { Command, FlagSpec } from "./command.ts";
import { untilStopped } from "./stop.ts";

/** Flags of polling, shared by the separate agent and the one inside a server. */
export const AGENT_FLAGS: readonly FlagSpec[] = [
  { name: "ranges", value: "LIST", help: "what to poll: CIDR, first-last or address, each with an optional :port; commas between" },
  { name: "poll-interval-ms", value: "N", help: "one sample per miner per interval (10000)" },
  { name: "poll-concurrency", value: "N|auto", help: "polls in flight at most (auto)" },
  { name: "connect-timeout-ms", value: "N", help: "for a connection to a miner (1000)" },
  { name: "reply-timeout-ms", value: "N", help: "for a miner's reply; adaptive below it (5000)" },
  { name: "allow-ranges", value: "LIST", help: "addresses this agent may touch, whatever a server says (private ranges)" },
  { name: "allow-ports", value: "LIST", help: "ports this agent may touch (4028, those in --ranges, witness and web port)" },
  { name: "allow-control", value: null, help: "let the agent change settings on miners" },
  { name: "witness-port", value: "N", help: "asked when 4028 is silent; 0 is off (80)" },
  { name: "web-port", value: "N", help: "of the miners' web API (80)" },
  { name: "miner-credentials", value: "FILE", help: 'JSON lines {"range","username","password"} for the miners\' web API' },
  { name: "insecure-transport", value: null, help: "allow ws:// and http:// beyond loopback" },
];

/** `hashwatch agent`: polls the miners of one site for a server somewhere else. */
export const agentCommand: Command = {
  name: "agent",
  usage: "agent --server URL --code CODE [flags]",
  summary: "Polls the miners of a site for a server: enrols once with a code, later starts need only --data-dir",
  flags: [
    { name: "server", value: "URL", help: "of the Hashwatch server, https://…" },
    { name: "code", value: "CODE", help: "one-time code for the enrolment" },
    { name: "data-dir", value: "DIR", help: "the agent's outbox and key lie in agent/ below it (./data)" },
    ...AGENT_FLAGS,
    { name: "log-level", value: "LEVEL", help: "trace, debug, info, warn, error, fatal or silent (info)" },
  ],
  async run({ settings, signal }) {
    // An agent lives on small boxes: a third less memory for a few percent of its processor time.
    setFlagsFromString("--optimize-for-size");
    const config = agentConfig(settings);
    const agent = await startAgent(config, { log: createAgentLog(config.logLevel) });
    try {
      await Promise.race([untilStopped(signal), agent.failed]);
    } finally {
      await closeWithin(agent);
    }
    return 0;
  },
};

const CLOSE_WITHIN_MS = 9000;

/** A disk or a line that hangs must not keep the process: everything that can be is in the outbox by then. */
async function closeWithin(agent: RunningAgent): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)));
  await Promise.race([agent.close(), late]);
  clearTimeout(timer);
}
