import "./range.css";

import { type SubmitEvent, useRef, useState } from "react";

import { DEFAULT_RANGE, PRESETS, rangeText } from "@/lib/range";
import { fromLocalInput, toLocalInput, zone } from "@/lib/time";
import { useSearchState } from "@/lib/useSearchState";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";

/** Chooses the time range of all pages: a preset, or two instants. */
export function RangePicker() {
  const { search, chooseRange } = useSearchState();
  const dialog = useRef<HTMLDialogElement>(null);
  const custom = search.from !== undefined;
  const preset = custom ? undefined : (search.range ?? DEFAULT_RANGE);

  return (
    <div className="range" role="group" aria-label="Time range">
      {PRESETS.map((each) => (
        <button key={each} type="button" className="range-preset" aria-pressed={preset === each} title={rangeText({ range: each })} onClick={() => chooseRange({ range: each })}>
          {each}
        </button>
      ))}
      <button type="button" className="range-preset range-custom" aria-pressed={custom || !PRESETS.some((each) => each === preset)} title="Choose two instants" onClick={() => dialog.current?.showModal()}>
        <Icon name="clock" />
        <span className="range-text">{custom || !PRESETS.some((each) => each === preset) ? rangeText(search) : "Custom"}</span>
      </button>
      <dialog ref={dialog} className="range-dialog" aria-label="Custom time range">
        <CustomRange
          key={JSON.stringify(search)}
          from={search.from}
          to={search.to}
          onChoose={(from, to) => {
            dialog.current?.close();
            chooseRange({ from, to });
          }}
          onCancel={() => dialog.current?.close()}
        />
      </dialog>
    </div>
  );
}

interface CustomRangeProps {
  from: string | undefined;
  to: string | undefined;
  onChoose: (from: string, to: string | undefined) => void;
  onCancel: () => void;
}

function CustomRange({ from, to, onChoose, onCancel }: CustomRangeProps) {
  const [start, setStart] = useState(() => toLocalInput(from ?? new Date(Date.now() - 3_600_000).toISOString()));
  const [end, setEnd] = useState(() => (to === undefined ? "" : toLocalInput(to)));
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const first = fromLocalInput(start);
    const last = fromLocalInput(end);
    if (first === null) setProblem("Say when the range begins");
    else if (Date.parse(first) >= Date.now()) setProblem("The range begins in the future");
    else if (last !== null && last <= first) setProblem("The end must come after the beginning");
    else onChoose(first.replace(".000Z", "Z"), last?.replace(".000Z", "Z"));
  };

  return (
    <form onSubmit={submit} className="range-form">
      <h2>Custom time range</h2>
      <label>
        From
        <input type="datetime-local" value={start} onChange={(event) => setStart(event.target.value)} required />
      </label>
      <label>
        To <span className="muted">(empty: now)</span>
        <input type="datetime-local" value={end} onChange={(event) => setEnd(event.target.value)} />
      </label>
      <p className="muted">Times in {zone()}</p>
      {problem !== null && (
        <p className="range-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="range-buttons">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="accent">
          Show
        </Button>
      </div>
    </form>
  );
}
