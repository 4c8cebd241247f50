import { useMemo } from "react";
import type { View, ViewPatch } from "../../../server/contract/api.ts";
import { changeView, createView, getViews, removeView } from "../../api/views.ts";
import { useAddress, useParts } from "../context.ts";
import { siteOf } from "../navigation.ts";
import { useLoad } from "../useLoad.ts";
import { minersAddress, type TableAddress } from "./minersQuery.ts";
import { openView, viewAddress, writeView, type Shown } from "./savedViews.ts";
import type { Arrangement } from "./useLayout.ts";

export interface SavedViews {
  /** null until they are there. */
  readonly items: readonly View[] | null;
  readonly error: Error | null;
  readonly reload: () => void;
  readonly shown: Shown;
  /** The view that is open, null for none. */
  readonly open: { readonly view: View; readonly isChanged: boolean } | null;
  /** The address names a view that is not there, or not for this reader. */
  readonly isMissing: boolean;
  /** Each resolves when the server has it and the address says so. Rejects with ApiError. */
  readonly save: (name: string, shared: boolean) => Promise<void>;
  readonly change: (view: View, patch: Omit<ViewPatch, "query">) => Promise<void>;
  /** Makes a view hold what is shown. */
  readonly update: (view: View) => Promise<void>;
  readonly remove: (view: View) => Promise<void>;
}

/** The saved views of the server, and which of them the table shows. */
export function useSavedViews({ query, layout, viewId }: TableAddress, { layout: arranged, isChanged }: Arrangement): SavedViews {
  const { navigation } = useParts();
  const siteId = siteOf(useAddress());
  const { data: items, error, reload, set } = useLoad("views", getViews);
  const shown = useMemo(() => ({ query, layout, siteId }), [query, layout, siteId]);
  const open = useMemo(() => (items === null ? null : openView(items, shown, viewId)), [items, shown, viewId]);
  const held = (): string => writeView({ ...shown, layout: isChanged ? arranged : null });
  const take = (view: View): void => set((views) => [...views.filter(({ id }) => id !== view.id), view]);
  return {
    ...{ items, error, reload, shown, open },
    isMissing: viewId !== null && items !== null && !items.some(({ id }) => id === viewId),
    async save(name, shared) {
      const view = await createView({ name, shared, query: held() });
      take(view);
      navigation.replace(viewAddress(view));
    },
    change: async (view, patch) => take(await changeView(view.id, patch)),
    async update(view) {
      const changed = await changeView(view.id, { query: held() });
      take(changed);
      navigation.replace(viewAddress(changed));
    },
    async remove(view) {
      await removeView(view.id);
      set((views) => views.filter(({ id }) => id !== view.id));
      navigation.replace(minersAddress(query, layout));
    },
  };
}
