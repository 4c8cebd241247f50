import type { AgentCreated } from "../../../server/contract/api.ts";

export interface Enrolment {
  /** What is run where the agent is to be. */
  readonly line: string;
  /** What stands in the way of an agent on another machine, null for nothing. */
  readonly warning: string | null;
}

/** The line that enrols an agent. `origin`: the address under which the reader sees this server, where --public-url names none. */
export function enrolmentOf({ code, serverUrl }: Pick<AgentCreated, "code" | "serverUrl">, origin: string): Enrolment {
  const url = new URL(serverUrl ?? origin);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  const insecure = url.protocol === "http:" && !isLoopback;
  return {
    line: `npx hashwatch agent --server ${url.origin} --code ${code} --data-dir ./data${insecure ? " --insecure-transport" : ""}`,
    warning: isLoopback
      ? `${url.host} reaches this server from its own machine alone. For an agent elsewhere start the server with --host and --public-url.`
      : insecure
        ? "This server speaks plain http, so the line allows that. Give it a certificate (--tls-cert, --tls-key) or put it behind a proxy with one."
        : null,
  };
}
