import { useId, useState, type ReactElement, type SyntheticEvent } from "react";
import type { WallLinkCreated } from "../../../server/contract/api.ts";
import { createWallLink } from "../../api/wallLinks.ts";
import { CopyLine } from "../../components/CopyLine.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { DialogEnd } from "../../components/DialogEnd.tsx";
import { Field } from "../../components/Field.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { withSite } from "../navigation.ts";
import { useAction } from "../useAction.ts";
import { ExpiryField, expiryOf } from "./ExpiryField.tsx";
import { SitesField } from "./SitesField.tsx";

const LIVES = [1, 30, 90, 365] as const;

/** What the screen shows: part of the address, which anybody may change; the rights of a link do not depend on it. */
const SHOWS = [
  { label: "the fleet and the map, 30 s each", address: "/?wall&rotate=30" },
  { label: "the fleet, then the map of each site, 30 s each", address: "/?wall&rotate=30&each=site" },
  { label: "the fleet", address: "/?wall" },
  { label: "the map", address: "/map?wall" },
] as const;
type ShownAddress = (typeof SHOWS)[number]["address"];

/** A new wall link; its secret is shown once. */
export function WallLinkDialog({ onCreated, onClose }: { onCreated: () => void; onClose: () => void }): ReactElement {
  const [created, setCreated] = useState<WallLinkCreated | null>(null);
  const take = (link: WallLinkCreated): void => {
    setCreated(link);
    onCreated();
  };
  return (
    <Dialog title={created === null ? "Create a wall link" : `Wall link ${created.name}`} onClose={onClose} wide={created !== null}>
      {created === null ? <LinkForm onCreated={take} onClose={onClose} /> : <Made link={created} onClose={onClose} />}
    </Dialog>
  );
}

function LinkForm({ onCreated, onClose }: { onCreated: (link: WallLinkCreated) => void; onClose: () => void }): ReactElement {
  const [name, setName] = useState("");
  const [days, setDays] = useState<(typeof LIVES)[number]>(90);
  const [siteIds, setSiteIds] = useState<string[] | null>(null);
  const { busy, error, run } = useAction();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    run(async () => onCreated(await createWallLink({ name: name.trim(), siteIds, expiresAtMs: expiryOf(days) })));
  };
  return (
    <form className="form" onSubmit={submit}>
      <Field
        label="Name, such as where the screen hangs"
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={100}
        required
        autoFocus
        autoComplete="off"
      />
      <SitesField siteIds={siteIds} onChange={setSiteIds} />
      <ExpiryField choices={LIVES} days={days} onChange={setDays} />
      {error !== null && <Trouble error={error} />}
      <DialogEnd action="Create" disabled={busy || name.trim() === "" || siteIds?.length === 0} onCancel={onClose} />
    </form>
  );
}

function Made({ link, onClose }: { link: WallLinkCreated; onClose: () => void }): ReactElement {
  const [address, setAddress] = useState<ShownAddress>(SHOWS[0].address);
  const showsId = useId();
  return (
    <>
      <p className="soft">
        Copy it now: it is shown this once, and only its digest is kept. Open it on the screen; whoever has it sees the fleet until it
        expires or is revoked.
      </p>
      <div className="field">
        <label htmlFor={showsId}>The screen shows</label>
        <select
          id={showsId}
          className="input"
          value={address}
          onChange={(event) => setAddress(SHOWS.find((shown) => shown.address === event.target.value)?.address ?? address)}
        >
          {SHOWS.map((shown) => (
            <option key={shown.address} value={shown.address}>
              {shown.label}
            </option>
          ))}
        </select>
      </div>
      <CopyLine text={linkText(link, address)} label="the link" />
      <div className="dialogend">
        <button type="button" className="btn primary" onClick={onClose}>
          Done
        </button>
      </div>
    </>
  );
}

/** What a link of one site shows is the same for somebody who has signed in and sees more. */
function linkText({ token, serverUrl, siteIds }: WallLinkCreated, address: ShownAddress): string {
  const [siteId = null, ...others] = siteIds ?? [];
  return `${serverUrl ?? window.location.origin}${withSite(address, others.length === 0 ? siteId : null)}#wall=${token}`;
}
