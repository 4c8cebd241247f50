/** Base of what the server throws on purpose; subclasses say whose turn it is to act. */
export class FleetError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
/** The operator must fix a setting. */
export class ConfigError extends FleetError {}
/** Agent and server disagree on a message. */
export class ContractError extends FleetError {}
/** The disk, the database or the data directory needs a look. */
export class StoreError extends FleetError {}
