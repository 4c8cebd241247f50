import { useState, type ReactElement } from "react";
import type { Rack } from "../../../server/contract/api.ts";
import { placesFileAddress } from "../../api/racks.ts";
import { Trouble } from "../../components/Trouble.tsx";
import { countOf, formatNumber } from "../../format/number.ts";
import { useParts, useSites } from "../context.ts";
import { RackQuestion, type RackWish } from "../sites/RackQuestion.tsx";
import type { Block, SiteBlocks } from "./blocks.ts";
import { ImportDialog } from "./ImportDialog.tsx";
import { PlaceSelected } from "./PlaceSelected.tsx";
import { ProposalDialog } from "./ProposalDialog.tsx";
import { fillSlots, placesCsv, unplacedRows } from "./placing.ts";

interface EditorProps {
  readonly sites: readonly SiteBlocks[];
  readonly racks: readonly Rack[];
  /** A drop on the map that could not be done. */
  readonly error: Error | null;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

type Asked = RackWish | { readonly what: "file" } | { readonly what: "propose"; readonly title: string; readonly csv: string };

/** Racks are made, changed and filled here, beside the map on which miners are dragged into them. */
export function RackEditor({ sites, racks, error, onChange, onClose }: EditorProps): ReactElement {
  const known = useSites().items ?? [];
  const [picked, setPicked] = useState(sites[0].siteId);
  const siteId = sites.some((site) => site.siteId === picked) ? picked : sites[0].siteId;
  const [asked, setAsked] = useState<Asked | null>(null);
  const blocks = sites.find((site) => site.siteId === siteId)?.blocks ?? [];
  const racksHere = racks.filter((rack) => rack.siteId === siteId);
  return (
    <aside className="rackeditor" aria-label="Edit racks">
      <header>
        <h2>Edit racks</h2>
        <button type="button" className="btn primary push" onClick={onClose}>
          Done
        </button>
      </header>
      {sites.length > 1 && (
        <select className="input" aria-label="Site" value={siteId} onChange={(event) => setPicked(event.target.value)}>
          {sites.map((site) => (
            <option key={site.siteId} value={site.siteId}>
              {known.find(({ id }) => id === site.siteId)?.name ?? site.name}
            </option>
          ))}
        </select>
      )}
      <p className="soft">Drag a miner, or all that are selected, into a slot. Two change places.</p>
      {error !== null && <Trouble error={error} />}
      <PlaceSelected blocks={blocks} onPropose={(title, csv) => setAsked({ what: "propose", title, csv })} />
      <RackList blocks={blocks} racks={racksHere} onAsk={setAsked} />
      <div className="editorend">
        <button type="button" className="btn" onClick={() => setAsked({ what: "add" })}>
          Add a rack
        </button>
        <a className="btn" href={placesFileAddress(siteId)} download="places.csv">
          Export CSV
        </a>
        <button type="button" className="btn" onClick={() => setAsked({ what: "file" })}>
          Import CSV
        </button>
      </div>
      {asked !== null && <Question asked={asked} siteId={siteId} blocks={blocks} onChange={onChange} onClose={() => setAsked(null)} />}
    </aside>
  );
}

interface ListProps {
  readonly blocks: readonly Block[];
  readonly racks: readonly Rack[];
  readonly onAsk: (asked: Asked) => void;
}

function RackList({ blocks, racks, onAsk }: ListProps): ReactElement {
  const { fleet } = useParts();
  const unplaced = unplacedRows(fleet, blocks);
  const fill = (block: Block): void =>
    onAsk({ what: "propose", title: `Fill rack ${block.name} in order of address`, csv: placesCsv(fleet, fillSlots(block, unplaced)) });
  return (
    <section className="editorracks" aria-label="Racks">
      <p className="micro muted">
        {countOf(racks.length, "rack")}, {countOf(unplaced.length, "miner")} in none
      </p>
      <ul>
        {blocks
          .filter(({ kind }) => kind === "rack")
          .map((block) => {
            const rack = racks.find(({ id }) => id === block.id);
            const filled = block.rowAt.filter((row) => row !== -1).length;
            return (
              <li key={block.id}>
                <b>{block.name}</b>
                <span className="muted">
                  {formatNumber(filled)} of {formatNumber(block.capacity)}
                </span>
                <button
                  type="button"
                  className="btn quiet"
                  disabled={unplaced.length === 0 || filled >= block.capacity}
                  title="Those in no rack, in order of address, into the free slots"
                  onClick={() => fill(block)}
                >
                  Fill<span className="unseen"> {block.name}</span>
                </button>
                {rack !== undefined && (
                  <>
                    <button type="button" className="btn quiet" onClick={() => onAsk({ what: "change", rack })}>
                      Change<span className="unseen"> {rack.name}</span>
                    </button>
                    <button type="button" className="btn quiet" onClick={() => onAsk({ what: "remove", rack })}>
                      Remove<span className="unseen"> {rack.name}</span>
                    </button>
                  </>
                )}
              </li>
            );
          })}
      </ul>
    </section>
  );
}

interface QuestionProps {
  readonly asked: Asked;
  readonly siteId: string;
  readonly blocks: readonly Block[];
  readonly onChange: () => void;
  readonly onClose: () => void;
}

function Question({ asked, siteId, blocks, onChange, onClose }: QuestionProps): ReactElement {
  const imported = (): void => {
    onChange();
    onClose();
  };
  switch (asked.what) {
    case "file":
      return <ImportDialog siteId={siteId} onDone={imported} onClose={onClose} />;
    case "propose":
      return <ProposalDialog siteId={siteId} title={asked.title} csv={asked.csv} onDone={imported} onClose={onClose} />;
    default:
      return (
        <RackQuestion
          wish={asked}
          siteId={siteId}
          placedIn={(rackId) => blocks.find(({ id }) => id === rackId)?.rowAt.filter((row) => row !== -1).length ?? 0}
          onChange={onChange}
          onClose={onClose}
        />
      );
  }
}
