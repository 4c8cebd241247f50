import { useState, type ReactElement } from "react";
import { closePopover, focusFirst } from "../../components/Popover.tsx";
import type { RowSource } from "../../live/fields.ts";
import type { RowQuery } from "../../live/rowQuery.ts";
import { ChoiceEditor, SiteEditor } from "./ChoiceEditor.tsx";
import { subjects, type Subject } from "./conditions.ts";
import { moveByArrows } from "./moveByArrows.ts";
import { RangeEditor, SubnetEditor } from "./RangeEditor.tsx";

interface PanelProps {
  readonly source: RowSource;
  readonly query: RowQuery;
  /** null: the reader is asked first what the condition is about. */
  readonly subject: Subject | null;
  readonly onQuery: (query: RowQuery) => void;
}

/** Builds or changes one condition: what it is about, then its values. */
export function ConditionPanel({ source, query, subject, onQuery }: PanelProps): ReactElement {
  const [chosen, setChosen] = useState(subject);
  if (chosen === null) return <SubjectList onChoose={setChosen} />;
  const apply = (changed: RowQuery, form: Element): void => {
    closePopover(form);
    onQuery(changed);
  };
  switch (chosen.kind) {
    case "choice":
      return <ChoiceEditor source={source} query={query} field={chosen.field} onApply={apply} />;
    case "range":
      return <RangeEditor query={query} field={chosen.field} onApply={apply} />;
    case "subnets":
      return <SubnetEditor query={query} onApply={apply} />;
    case "site":
      return <SiteEditor />;
    case "text":
      return <SubjectList onChoose={setChosen} />;
  }
}

function SubjectList({ onChoose }: { onChoose: (subject: Subject) => void }): ReactElement {
  const [text, setText] = useState("");
  const found = subjects().filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <form
      className="builder"
      onKeyDown={moveByArrows}
      onSubmit={(event) => {
        event.preventDefault();
        const [first] = found;
        if (found.length > 0) onChoose(first.subject);
      }}
    >
      <input
        ref={focusFirst}
        className="input"
        aria-label="What the condition is about"
        placeholder="Status, model, chip temperature …"
        value={text}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <div className="choices" role="group" aria-label="Conditions">
        {found.map(({ subject, label }) => (
          <button key={label} type="button" className="option" onClick={() => onChoose(subject)}>
            {label}
          </button>
        ))}
        {found.length === 0 && <p className="muted">There is no condition like that.</p>}
      </div>
    </form>
  );
}
