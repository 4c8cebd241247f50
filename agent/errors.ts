/** Base of what the agent throws on purpose; subclasses say whose turn it is to act. */
export class AgentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
/** The operator must fix a setting. */
export class ConfigError extends AgentError {}
/** Server and agent disagree on a message. */
export class ContractError extends AgentError {}
