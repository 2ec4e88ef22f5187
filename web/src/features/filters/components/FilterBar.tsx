import "./filters.css";

import { type SubmitEvent, useRef, useState } from "react";

import { FILTER_KEYS, type FilterKey, filterValues, withFilter, withoutFilter, withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { ACTIONS, actionText, CLASS_NAMES, className, SEVERITIES } from "@/lib/vocabulary";
import { Button } from "@/ui/Button";
import { Chip } from "@/ui/Chip";

const NAMES: Record<FilterKey, string> = {
  ip: "Client",
  method: "Method",
  status: "Status",
  host: "Host",
  endpoint: "Path",
  class: "Class",
  severity: "Severity",
  action: "Action",
  enforced: "Enforced",
  min_score: "Score from",
  q: "Contains",
};

/** How a filter is written (API.md 1.7). */
const HINTS: Partial<Record<FilterKey, string>> = {
  ip: "198.51.100.7 or 198.51.100.0/24",
  method: "GET",
  status: "404, 4xx or 500",
  host: "shop.example.com or *.example.com",
  endpoint: "/login or /api/*",
  min_score: "0.5",
  q: "words in path, client, payload …",
};

const CHOICES: Partial<Record<FilterKey, { value: string; text: string }[]>> = {
  class: CLASS_NAMES.map((value) => ({ value, text: className(value) })),
  severity: SEVERITIES.map((value) => ({ value, text: value })),
  action: ACTIONS.map((value) => ({ value, text: actionText(value, false) })),
  enforced: [
    { value: "true", text: "yes, refused inline" },
    { value: "false", text: "no, judged only" },
  ],
};

/** The filters in force as chips, and a form that adds one; `keys` are those that the list understands. */
export function FilterBar({ keys = FILTER_KEYS }: { keys?: readonly FilterKey[] }) {
  const { search, change } = useSearchState();
  const active = keys.flatMap((key) => filterValues(key, search[key] ?? "").map((value) => ({ key, value }))).filter(({ value }) => value !== "");

  return (
    <div className="filters">
      {active.map(({ key, value }) => (
        <Chip key={`${key} ${value}`} name={NAMES[key]} value={valueText(key, value)} onRemove={() => change(withoutFilter(search, key, value))} />
      ))}
      {active.length > 1 && (
        <Button look="quiet" onClick={() => change({ ...withoutFilters(search), view: search.view, sort: search.sort, order: search.order })}>
          Clear all
        </Button>
      )}
      <AddFilter keys={keys} onAdd={(key, value) => change(withFilter(search, key, value))} />
    </div>
  );
}

function AddFilter({ keys, onAdd }: { keys: readonly FilterKey[]; onAdd: (key: FilterKey, value: string) => void }) {
  const [key, setKey] = useState<FilterKey>(keys[0] ?? "ip");
  const [value, setValue] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const choices = CHOICES[key];

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = value.trim();
    if (text === "" || input.current?.validity.valid === false) return;
    onAdd(key, text);
    setValue("");
  };

  return (
    <form className="filter-form" onSubmit={submit}>
      <label>
        <span className="sr-only">Filter by</span>
        <select
          value={key}
          onChange={(event) => {
            setKey(event.target.value as FilterKey);
            setValue("");
          }}
        >
          {keys.map((each) => (
            <option key={each} value={each}>
              {NAMES[each]}
            </option>
          ))}
        </select>
      </label>
      <label className="filter-value">
        <span className="sr-only">Filter value</span>
        {choices === undefined ? (
          <input
            ref={input}
            type={key === "min_score" ? "number" : "text"}
            min={0}
            max={1}
            step="any"
            minLength={key === "q" ? 2 : undefined}
            maxLength={key === "q" ? 200 : undefined}
            placeholder={HINTS[key]}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            spellCheck={false}
            autoComplete="off"
          />
        ) : (
          <select value={value} onChange={(event) => (event.target.value === "" ? undefined : onAdd(key, event.target.value))}>
            <option value="">choose …</option>
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.text}
              </option>
            ))}
          </select>
        )}
      </label>
      {choices === undefined && <Button type="submit">Add filter</Button>}
    </form>
  );
}

function valueText(key: FilterKey, value: string): string {
  if (key === "class") return className(value);
  if (key === "action") return actionText(value, false);
  return value;
}
