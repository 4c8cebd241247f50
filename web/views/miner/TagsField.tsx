import { useState, type KeyboardEvent, type ReactElement } from "react";
import { Field } from "../../components/Field.tsx";
import { plainText } from "../../format/plainText.ts";

interface TagsProps {
  readonly tags: readonly string[];
  /** What is typed and not a tag yet. */
  readonly draft: string;
  readonly problem: string | null;
  readonly onChange: (tags: readonly string[], draft: string) => void;
}

/** The tags with what is still in the line, each once. Commas part them. */
export function withDraft(tags: readonly string[], draft: string): string[] {
  const typed = draft.split(",").map((tag) => tag.trim());
  return [...new Set([...tags, ...typed.filter(Boolean)])];
}

/** Tags, each with a button that takes it away, and a line for more: Enter or a comma ends one. */
export function TagsField({ tags, draft, problem, onChange }: TagsProps): ReactElement {
  const [said, setSaid] = useState("");
  const type = (text: string): void => {
    if (text.includes(",")) onChange(withDraft(tags, text), "");
    else onChange(tags, text);
  };
  const addByEnter = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || draft.trim() === "") return;
    event.preventDefault(); // which would save
    setSaid(`${draft.trim()} added`);
    onChange(withDraft(tags, draft), "");
  };
  const remove = (tag: string): void => {
    setSaid(`${tag} removed`);
    onChange(
      tags.filter((each) => each !== tag),
      draft,
    );
  };
  return (
    <div className="tagsfield">
      {tags.length > 0 && (
        <ul className="tags" aria-label="Tags">
          {tags.map((tag) => (
            <li key={tag}>
              {plainText(tag)}
              <button type="button" className="btn quiet" aria-label={`Remove tag ${plainText(tag)}`} onClick={() => remove(tag)}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <Field
        label="Add tags"
        hint="Enter or a comma ends one"
        value={draft}
        problem={problem}
        autoComplete="off"
        onChange={(event) => type(event.target.value)}
        onKeyDown={addByEnter}
      />
      <span className="unseen" role="status">
        {said}
      </span>
    </div>
  );
}
