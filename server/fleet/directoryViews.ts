import type { View, ViewBody, ViewPatch } from "../contract/api.ts";
import { ChangeError } from "./changeError.ts";
import type { DirectoryState } from "./directoryState.ts";
import { mirrorChange } from "./recordMirror.ts";
import { newId } from "./secrets.ts";

const VIEWS_PER_OWNER_LIMIT = 200;

/** Saved views. Changes answer null or false where the view is not there, and reject with ChangeError where they cannot be made. */
export interface ViewChanges {
  views(): View[];
  view(id: string): View | null;
  createView(owner: string, body: ViewBody): Promise<View>;
  changeView(id: string, patch: ViewPatch): Promise<View | null>;
  removeView(id: string): Promise<boolean>;
  /** What nobody else could see goes with its owner; what was shared stays. */
  removePrivateViews(owner: string): Promise<void>;
}

export function createViewChanges(state: DirectoryState): ViewChanges {
  const { views } = state;
  const ownedBy = (owner: string): View[] => views.values().filter((view) => view.owner === owner);
  return {
    views: () => views.values(),
    view: (id) => views.get(id),
    createView: (owner, body) =>
      state.serial(async () => {
        const owned = ownedBy(owner);
        if (owned.length >= VIEWS_PER_OWNER_LIMIT)
          throw new ChangeError("conflict", `You have ${VIEWS_PER_OWNER_LIMIT} views already, which is the limit; delete one first`);
        requireFreeName(body.name, owned);
        const view = { id: newId(), owner, ...body, createdAtMs: state.clock() };
        await state.write([mirrorChange(views, view.id, view)], []);
        return view;
      }),
    changeView: (id, { name, shared, query }) =>
      state.serial(async () => {
        const view = views.get(id);
        if (view === null) return null;
        const changed = { ...view, name: name ?? view.name, shared: shared ?? view.shared, query: query ?? view.query };
        requireFreeName(
          changed.name,
          ownedBy(view.owner).filter((other) => other.id !== id),
        );
        await state.write([mirrorChange(views, id, changed)], []);
        return changed;
      }),
    removeView: (id) =>
      state.serial(async () => {
        if (views.get(id) === null) return false;
        await state.write([mirrorChange(views, id, null)], []);
        return true;
      }),
    removePrivateViews: (owner) =>
      state.serial(async () => {
        const going = ownedBy(owner).filter((view) => !view.shared);
        await state.write(
          going.map(({ id }) => mirrorChange(views, id, null)),
          [],
        );
      }),
  };
}

/** Two views of one owner with one name could not be told apart. */
function requireFreeName(name: string, others: readonly View[]): void {
  if (others.some((other) => other.name.toLowerCase() === name.toLowerCase()))
    throw new ChangeError("conflict", `A view with the name “${name}” is there already; choose another name`, "name");
}
