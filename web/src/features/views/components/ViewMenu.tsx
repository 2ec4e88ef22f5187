import "./views.css";

import { Link } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";

import type { List } from "@/lib/columns";
import { pages } from "@/lib/paths";
import { parseQuery, readSearch } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { addView, deleteView, LONGEST_NAME, nameProblem, openView, renameView, useViews, type View, viewOf } from "@/lib/views";
import { Button, IconButton } from "@/ui/Button";
import { Popover } from "@/ui/Popover";

/** Views of one list: pick, save, rename, delete. */
export function ViewMenu({ list }: { list: List }) {
  const { search } = useSearchState();
  const all = useViews();
  const views = all.filter((view) => view.list === list);
  const [gone, setGone] = useState<View | null>(null);

  const remove = (view: View) => {
    deleteView(view);
    setGone(view);
  };

  return (
    <Popover icon="bookmark" label="Views">
      {views.length === 0 ? (
        <p className="views-none">A view is a name for the range, filters, order and columns as they are now.</p>
      ) : (
        <ul className="views" aria-label="Saved views">
          {views.map((view) => (
            <ViewLine key={view.name} view={view} others={all} onDelete={() => remove(view)} />
          ))}
        </ul>
      )}
      {gone !== null && (
        <p className="views-gone" role="status">
          “{gone.name}” is deleted.
          <Button
            look="quiet"
            onClick={() => {
              if (nameProblem(all, gone) === null) addView(gone);
              setGone(null);
            }}
          >
            Undo
          </Button>
        </p>
      )}
      <NameForm label="Save what is shown as" act="Save" problemOf={(name) => nameProblem(all, { name, list })} onName={(name) => addView(viewOf(name, list, search))} />
      <p className="muted">Kept in this browser, not on the server: other people and browsers do not see them.</p>
    </Popover>
  );
}

interface ViewLineProps {
  view: View;
  others: readonly View[];
  onDelete: () => void;
}

function ViewLine({ view, others, onDelete }: ViewLineProps) {
  const [renaming, setRenaming] = useState(false);
  if (renaming) {
    const problemOf = (name: string) => (name.trim() === view.name ? null : nameProblem(others, { name, list: view.list }));
    return (
      <li>
        <NameForm
          label={`New name of “${view.name}”`}
          act="Rename"
          initial={view.name}
          problemOf={problemOf}
          onName={(name) => {
            renameView(view, name);
            setRenaming(false);
          }}
        />
      </li>
    );
  }
  return (
    <li className="view">
      <Link
        to={pages[view.list]}
        search={readSearch(parseQuery(view.query))}
        className="view-name"
        activeOptions={{ exact: true }}
        onClick={() => openView(view)}
      >
        {view.name}
      </Link>
      <IconButton icon="edit" label={`Rename “${view.name}”`} onClick={() => setRenaming(true)} />
      <IconButton icon="close" label={`Delete “${view.name}”`} onClick={onDelete} />
    </li>
  );
}

interface NameFormProps {
  label: string;
  act: string;
  initial?: string;
  problemOf: (name: string) => string | null;
  onName: (name: string) => void;
}

function NameForm({ label, act, initial = "", problemOf, onName }: NameFormProps) {
  const [name, setName] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = problemOf(name);
    setProblem(found);
    if (found !== null) return;
    onName(name);
    setName("");
  };

  return (
    <form className="view-form" onSubmit={submit}>
      <label className="form-field">
        <span>{label}</span>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- renaming was asked for a moment ago, by the control that made room for this */}
        <input autoFocus={initial !== ""} value={name} maxLength={LONGEST_NAME} onChange={(event) => setName(event.target.value)} autoComplete="off" />
      </label>
      <Button type="submit">{act}</Button>
      {problem !== null && (
        <p className="form-failure" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
