import { FleetError } from "../errors.ts";

/**
 * A change that cannot be made as asked. `invalid`: the request must change; `conflict`: it does not go together with what is there;
 * `missing`: what it names is not there. `field` is the part of the request that is at fault, where one is.
 */
export class ChangeError extends FleetError {
  readonly kind: "invalid" | "conflict" | "missing";
  readonly field: string | null;
  constructor(kind: ChangeError["kind"], message: string, field: string | null = null) {
    super(message);
    this.kind = kind;
    this.field = field;
  }
}
