import { useState, type ReactElement } from "react";
import type { Token } from "../../../server/contract/api.ts";
import { getTokens, revokeToken } from "../../api/accounts.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useLoad } from "../useLoad.ts";
import { SiteNames, When } from "./cells.tsx";
import { RecordTable } from "../../components/RecordTable.tsx";
import { TokenDialog } from "./TokenDialog.tsx";

/** What programs sign in with. */
export function Tokens(): ReactElement {
  const { data, error, reload } = useLoad("tokens", getTokens);
  const [asked, setAsked] = useState<"create" | Token | null>(null);
  const close = (): void => setAsked(null);
  return (
    <section className="panel" aria-label="API tokens">
      <header>
        <h2>API tokens</h2>
        <span className="micro">
          for scripts: <code>Authorization: Bearer TOKEN</code>
        </span>
        <button type="button" className="btn push" onClick={() => setAsked("create")}>
          Create a token
        </button>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null ? error === null && <Skeleton lines={4} /> : <TokenTable tokens={data.items} onRevoke={setAsked} />}
      {asked === "create" && <TokenDialog onCreated={reload} onClose={close} />}
      {asked !== null && asked !== "create" && (
        <ConfirmDialog
          title={`Revoke ${asked.name}?`}
          action="Revoke the token"
          onConfirm={async () => {
            await revokeToken(asked.id);
            reload();
          }}
          onClose={close}
        >
          <p>Whatever uses it is refused from now on. A revoked token does not come back.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function TokenTable({ tokens, onRevoke }: { tokens: readonly Token[]; onRevoke: (token: Token) => void }): ReactElement {
  if (tokens.length === 0) return <p className="blank soft">No token yet.</p>;
  return (
    <RecordTable label="List of tokens" heads={["Name", "Role", "Sites", "Last used", "Expires", "Created"]}>
      {tokens.map((token) => (
        <tr key={token.id}>
          <td>{token.name}</td>
          <td>{token.role}</td>
          <td>
            <SiteNames siteIds={token.siteIds} />
          </td>
          <td className="soft">
            <When atMs={token.lastUsedAtMs} never="never" />
          </td>
          <td className="soft">
            <When atMs={token.expiresAtMs} never="never" />
          </td>
          <td className="soft">
            <When atMs={token.createdAtMs} />
          </td>
          <td className="num">
            <button type="button" className="btn quiet" onClick={() => onRevoke(token)}>
              Revoke<span className="unseen"> {token.name}</span>
            </button>
          </td>
        </tr>
      ))}
    </RecordTable>
  );
}
