import type { Alerts } from "../alerts/alerts.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Backfill } from "../fleet/backfill.ts";
import type { Directory } from "../fleet/directory.ts";
import type { AgentLinkPort, FleetPort } from "../fleet/ports.ts";
import type { Notifications } from "../notify/notifications.ts";
import type { Store } from "../store/store.ts";
import type { AuditLog } from "./auditLog.ts";
import type { HttpLog } from "./mount.ts";
import type { Metrics } from "./metrics.ts";

/** What the HTTP API reads and changes. */
export interface ApiDeps {
  readonly accounts: Accounts;
  readonly directory: Directory;
  readonly fleet: FleetPort;
  readonly backfill: Pick<Backfill, "spans">;
  readonly alerts: Alerts;
  readonly notifications: Notifications;
  readonly agentLink: AgentLinkPort;
  readonly store: Pick<Store, "readSeries" | "readFrame" | "readEvents" | "readMalformed" | "readAudit" | "forecast">;
  readonly audit: AuditLog;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Version of the program. */
  readonly program: string;
  /** False in a demo: who calls from loopback acts as admin. */
  readonly signInRequired: boolean;
  /** True when browsers reach the server over https: cookies are sent over it alone. */
  readonly secure: boolean;
  /** The address people use, where it was set with --public-url. */
  readonly publicUrl: URL | null;
}

export interface AppDeps extends ApiDeps {
  /** Where the server listens, as set with --host. */
  readonly host: string;
  /** Folder of the built page; null serves none. */
  readonly webDir: string | null;
  /** Whether the store is open and ingest keeps up; `detail` says what is wrong. */
  readonly ready: () => { ok: boolean; detail: string };
  readonly metrics: Metrics;
  readonly log: HttpLog;
  /** For tests: fail where an answer differs from the schema that documents it. */
  readonly checkAnswers?: boolean;
}
