import { dialectOf } from "./dialects/all.ts";
import type { Answering, Dialect, Failure } from "./dialects/dialect.ts";
import { toText } from "./text.ts";

const INVALID_COMMAND: Failure = { code: 14, message: "Invalid command" };
const INVALID_JSON: Failure = { code: 23, message: "Invalid JSON" };
const MISSING_COMMAND: Failure = { code: 24, message: "Missing JSON 'command'" };

/** The rewrite of 2020 keeps this much of a command. */
const KEPT_CHARACTERS = 15;

/**
 * What a machine answers to the bytes of one request, without the NUL that ends it on the wire. A request that opens with a brace is JSON and
 * is answered in JSON; anything else is text, answered as text.
 */
export function answerTo(request: string, answering: Answering): string {
  const dialect = dialectOf(answering.machine.profile);
  return request.startsWith("{") ? answerJson(request, dialect, answering) : answerText(request, dialect, answering);
}

function answerJson(request: string, dialect: Dialect, answering: Answering): string {
  const parsed = parse(request);
  if (parsed === null) {
    if (dialect.rewrite !== null) return answerText(request, dialect, answering);
    return dialect.failure(INVALID_JSON, answering.whenS);
  }
  const { command } = parsed;
  if (command === undefined) return dialect.failure(MISSING_COMMAND, answering.whenS);
  if (dialect.rewrite !== null && parsed.new_api === true) return answerNewApi(command, dialect.rewrite.newApi, answering);
  if (typeof command !== "string") return dialect.failure(INVALID_COMMAND, answering.whenS);
  if (dialect.joins && command.includes("+")) return answerJoined(command.split("+"), dialect, answering);
  return answerCommand(command, dialect, answering);
}

/** The request up to its end: trailing line ends and bytes after the object do no harm. Null where it is no JSON object. */
function parse(request: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(request);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function answerCommand(command: string, dialect: Dialect, answering: Answering): string {
  const name = dialect.rewrite === null ? command : command.slice(0, KEPT_CHARACTERS);
  const answer = dialect.commands.get(name);
  if (answer !== undefined) return answer(answering);
  if (dialect.denied.has(name)) return dialect.failure({ code: 45, message: `Access denied to '${name}' command` }, answering.whenS);
  return dialect.failure(INVALID_COMMAND, answering.whenS);
}

/** Each section is the usual answer in an array of one. */
function answerJoined(commands: readonly string[], dialect: Dialect, answering: Answering): string {
  const sections = commands.map((command) => `"${command}":[${answerCommand(command, dialect, answering)}]`);
  return `{${sections.join(",")},"id":1}`;
}

function answerNewApi(command: unknown, newApi: Dialect["commands"], answering: Answering): string {
  if (Array.isArray(command)) {
    const names = command.filter((name): name is string => typeof name === "string");
    return `{${names.map((name) => `"${name}": ${answerNewApi(name, newApi, answering)}`).join(", ")}}`;
  }
  const answer = typeof command === "string" ? newApi.get(command.slice(0, KEPT_CHARACTERS)) : undefined;
  if (answer !== undefined) return answer(answering);
  // The shape of this refusal was never recorded; it follows the other answers of the new kind.
  return `{"STATUS": {"STATUS": "E", "when": ${answering.whenS}, "Msg": "invalid command", "api_version": "1.0.0"}}`;
}

/** `name` or `name|parameter`. The name is compared with whatever line end it has, so `stats\n` is not a command. */
function answerText(request: string, dialect: Dialect, answering: Answering): string {
  const bar = request.indexOf("|");
  const name = bar < 0 ? request : request.slice(0, bar);
  return toText(answerCommand(name, dialect, answering));
}
