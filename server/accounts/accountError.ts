import { FleetError } from "../errors.ts";

/** A change of accounts that cannot be made. `field` names the part of the request that is at fault, where one is. */
export class AccountError extends FleetError {
  readonly field: string | null;
  constructor(message: string, field: string | null = null) {
    super(message);
    this.field = field;
  }
}
