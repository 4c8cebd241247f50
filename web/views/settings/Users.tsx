import { use, useState, type ReactElement } from "react";
import type { User } from "../../../server/contract/api.ts";
import { getUsers, removeUser } from "../../api/accounts.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { SessionContext } from "../context.ts";
import { useLoad } from "../useLoad.ts";
import { SiteNames, When } from "./cells.tsx";
import { RecordTable } from "../../components/RecordTable.tsx";
import { UserDialog } from "./UserDialog.tsx";

type Asked = { readonly what: "add" } | { readonly what: "change" | "remove"; readonly user: User };

/** Who may sign in, and what they may do. */
export function Users(): ReactElement {
  const { data, error, reload } = useLoad("users", getUsers);
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  return (
    <section className="panel" aria-label="Users">
      <header>
        <h2>Users</h2>
        <button type="button" className="btn push" onClick={() => setAsked({ what: "add" })}>
          Add a user
        </button>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null ? error === null && <Skeleton lines={4} /> : <UserTable users={data.items} onAsk={setAsked} />}
      {asked?.what === "add" && <UserDialog user={null} onSaved={reload} onClose={close} />}
      {asked?.what === "change" && <UserDialog user={asked.user} onSaved={reload} onClose={close} />}
      {asked?.what === "remove" && (
        <ConfirmDialog
          title={`Remove ${asked.user.username}?`}
          action="Remove the user"
          onConfirm={async () => {
            await removeUser(asked.user.id);
            reload();
          }}
          onClose={close}
        >
          <p>
            <b>{asked.user.username}</b> is signed out at once and cannot sign in again. Saved views and what the audit log says stay.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function UserTable({ users, onAsk }: { users: readonly User[]; onAsk: (asked: Asked) => void }): ReactElement {
  const own = use(SessionContext)?.user?.username;
  if (users.length === 0)
    return <p className="blank soft">No user yet. A demo lets everybody on its own machine look and change everything.</p>;
  return (
    <RecordTable label="List of users" heads={["Name", "Role", "Sites", "Last signed in", "Created"]}>
      {users.map((user) => (
        <tr key={user.id}>
          <td>
            {user.username}
            {user.username === own && <span className="muted"> (you)</span>}
          </td>
          <td>{user.role}</td>
          <td>
            <SiteNames siteIds={user.siteIds} />
          </td>
          <td className="soft">
            <When atMs={user.lastSignInAtMs} never="never" />
          </td>
          <td className="soft">
            <When atMs={user.createdAtMs} />
          </td>
          <td className="num">
            <button type="button" className="btn quiet" onClick={() => onAsk({ what: "change", user })}>
              Change<span className="unseen"> {user.username}</span>
            </button>
            <button type="button" className="btn quiet" onClick={() => onAsk({ what: "remove", user })}>
              Remove<span className="unseen"> {user.username}</span>
            </button>
          </td>
        </tr>
      ))}
    </RecordTable>
  );
}
