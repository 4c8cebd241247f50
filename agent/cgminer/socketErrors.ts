import type { PollFailure } from "../../server/contract/sample.ts";

export interface SocketFailure {
  readonly failure: PollFailure;
  readonly detail: string;
  readonly answered: boolean;
}

const NO_ROUTE = new Set(["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL", "EACCES", "EPERM", "EMFILE", "ENFILE"]);

/** Names a socket error without a byte of reply as one of the poll failures. A refusal counts as an answer: the machine is there. */
export function failureOfError(error: NodeJS.ErrnoException, isConnected: boolean): SocketFailure {
  const code = error.code ?? error.message;
  if (code === "ECONNREFUSED")
    return { failure: "refused", detail: "connection refused: the miner program is not running", answered: true };
  if (code === "ETIMEDOUT") return { failure: "timeout", detail: "no connection: the network gave up", answered: false };
  if (NO_ROUTE.has(code)) return { failure: "noRoute", detail: `cannot be reached from this agent (${code})`, answered: false };
  return { failure: "closed", detail: `connection was closed without a reply (${code})`, answered: isConnected || code === "ECONNRESET" };
}
