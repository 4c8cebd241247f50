import { useState, type ReactElement } from "react";
import type { MessageEvent, Preview, Templates } from "../../../../server/contract/channels.ts";
import { previewMessage } from "../../../api/channels.ts";
import { AreaField } from "../../../components/Field.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { plainLines, plainText } from "../../../format/plainText.ts";
import { useAction } from "../../useAction.ts";
import { fieldProblems } from "../fieldProblems.ts";

interface TemplateProps {
  readonly templates: Templates;
  readonly timeZone: string;
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (templates: Templates) => void;
}

const EVENTS: readonly { readonly event: MessageEvent; readonly label: string }[] = [
  { event: "opened", label: "When an incident opens" },
  { event: "changed", label: "When it grows or becomes graver" },
  { event: "closed", label: "When it closes" },
];
const NO_PROBLEMS = {};

/** The texts of a channel, where they are to be other than usual, with a look at what becomes of them. */
export function TemplateFields({ templates, timeZone, problemOf, onChange }: TemplateProps): ReactElement {
  const { busy, error, run } = useAction();
  const [shown, setShown] = useState<Preview | null>(null);
  const found = fieldProblems(error, NO_PROBLEMS, ["templates"]);
  const preview = (event: MessageEvent): void =>
    run(async () => setShown(await previewMessage({ templates, event, incidentId: null, timeZone: timeZone.trim() })));
  return (
    <details className="templates" open={EVENTS.some(({ event }) => templates[event] !== null || problemOf(`templates.${event}`) !== null)}>
      <summary>Texts of its messages</summary>
      <p className="soft">
        Empty: the usual text. Fields stand in double braces, such as {"{{title}}, {{explanation}}, {{severity}}, {{lostThs}} and {{link}}"}
        .
      </p>
      {EVENTS.map(({ event, label }) => (
        <div key={event} className="templatefield">
          <AreaField
            label={label}
            rows={2}
            value={templates[event] ?? ""}
            maxLength={4000}
            onChange={(change) => onChange({ ...templates, [event]: change.target.value === "" ? null : change.target.value })}
            problem={problemOf(`templates.${event}`) ?? found.problemOf(`templates.${event}`)}
          />
          <button type="button" className="btn" disabled={busy} onClick={() => preview(event)}>
            Preview<span className="unseen"> {label.toLowerCase()}</span>
          </button>
        </div>
      ))}
      {found.rest !== null && <Trouble error={found.rest} />}
      {shown !== null && error === null && (
        <div className="preview" role="status" aria-label="Message">
          <b>{plainText(shown.title)}</b>
          <p className="notetext">{plainLines(shown.text)}</p>
        </div>
      )}
    </details>
  );
}
