import { useState, type ReactElement } from "react";
import type { WallLink } from "../../../server/contract/api.ts";
import { getWallLinks, revokeWallLink } from "../../api/wallLinks.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useNowMs } from "../context.ts";
import { useLoad } from "../useLoad.ts";
import { SiteNames, When } from "./cells.tsx";
import { RecordTable } from "../../components/RecordTable.tsx";
import { WallLinkDialog } from "./WallLinkDialog.tsx";

/** What screens in a control room open. */
export function WallLinks(): ReactElement {
  const { data, error, reload } = useLoad("wallLinks", getWallLinks);
  const [asked, setAsked] = useState<"create" | WallLink | null>(null);
  const close = (): void => setAsked(null);
  return (
    <section className="panel" aria-label="Wall links">
      <header>
        <h2>Wall links</h2>
        <span className="micro">for screens in a control room: the live fleet and its map, nothing else</span>
        <button type="button" className="btn push" onClick={() => setAsked("create")}>
          Create a wall link
        </button>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null ? error === null && <Skeleton lines={4} /> : <LinkTable links={data.items} onRevoke={setAsked} />}
      {asked === "create" && <WallLinkDialog onCreated={reload} onClose={close} />}
      {asked !== null && asked !== "create" && (
        <ConfirmDialog
          title={`Revoke ${asked.name}?`}
          action="Revoke the link"
          onConfirm={async () => {
            await revokeWallLink(asked.id);
            reload();
          }}
          onClose={close}
        >
          <p>Every screen that shows it goes dark at once. A revoked link does not come back.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function LinkTable({ links, onRevoke }: { links: readonly WallLink[]; onRevoke: (link: WallLink) => void }): ReactElement {
  if (links.length === 0) return <p className="blank soft">No wall link yet.</p>;
  return (
    <RecordTable label="List of wall links" heads={["Name", "Sites", "Last used", "Expires", "Created"]}>
      {links.map((link) => (
        <tr key={link.id}>
          <td>{link.name}</td>
          <td>
            <SiteNames siteIds={link.siteIds} />
          </td>
          <td className="soft">
            <When atMs={link.lastUsedAtMs} never="never" />
          </td>
          <td className="soft">
            <Expiry atMs={link.expiresAtMs} />
          </td>
          <td className="soft">
            <When atMs={link.createdAtMs} />
          </td>
          <td className="num">
            <button type="button" className="btn quiet" onClick={() => onRevoke(link)}>
              Revoke<span className="unseen"> {link.name}</span>
            </button>
          </td>
        </tr>
      ))}
    </RecordTable>
  );
}

function Expiry({ atMs }: { atMs: number }): ReactElement {
  const nowMs = useNowMs();
  return (
    <>
      {atMs <= nowMs && "expired "}
      <When atMs={atMs} />
    </>
  );
}
