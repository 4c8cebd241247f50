import type { ReactElement } from "react";
import type { Rack } from "../../../server/contract/api.ts";
import { changeRack, createRack, removeRack } from "../../api/racks.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { countOf } from "../../format/number.ts";
import { RackDialog } from "./RackDialog.tsx";

/** What the reader wants to do with a rack. */
export type RackWish = { readonly what: "add" } | { readonly what: "change" | "remove"; readonly rack: Rack };

interface QuestionProps {
  readonly wish: RackWish;
  readonly siteId: string;
  /** Miners that stand in a rack, by its id. */
  readonly placedIn: (rackId: string) => number;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** Asks what has to be known before a rack is made, changed or removed, and does it. */
export function RackQuestion({ wish, siteId, placedIn, onChange, onClose }: QuestionProps): ReactElement {
  const saved = async (change: Promise<unknown>): Promise<void> => {
    await change;
    onChange();
  };
  if (wish.what === "add") return <RackDialog rack={null} onSave={(body) => saved(createRack({ siteId, ...body }))} onClose={onClose} />;
  const { rack } = wish;
  if (wish.what === "change") return <RackDialog rack={rack} onSave={(body) => saved(changeRack(rack.id, body))} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={`Remove rack ${rack.name}?`}
      action="Remove the rack"
      onConfirm={() => saved(removeRack(rack.id))}
      onClose={onClose}
    >
      <p>
        <b>{countOf(placedIn(rack.id), "miner")}</b> lose their place in it and stay.
      </p>
    </ConfirmDialog>
  );
}
