import { useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, type RefObject, useState } from "react";

import { pages } from "@/lib/paths";
import { useSearchState } from "@/lib/useSearchState";
import { Icon } from "@/ui/Icon";

/** Looks for words in all requests of the range. */
export function SearchField({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const { search } = useSearchState();
  // A search in the address is shown in the field; a new one begins from it.
  return <Form key={search.q ?? ""} field={field} />;
}

function Form({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const { search } = useSearchState();
  const navigate = useNavigate();
  const [text, setText] = useState(search.q ?? "");

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const q = text.trim();
    if (q.length === 1) return;
    const onThreats = window.location.pathname.startsWith(pages.threats);
    void navigate({ to: onThreats ? pages.threats : pages.traffic, search: { ...search, q: q === "" ? undefined : q, cursor: undefined } });
  };

  return (
    <form className="search" role="search" onSubmit={submit}>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        minLength={2}
        maxLength={200}
        placeholder="Search requests"
        aria-label="Search requests for words in address, host, path, user agent or payload"
        aria-keyshortcuts="/"
        spellCheck={false}
        autoComplete="off"
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
