import "./model.css";

import { useState } from "react";

import { useScores } from "@/features/model/api/useScores";
import { LOWEST_THRESHOLD, useWhatIf } from "@/features/model/api/useWhatIf";
import { SaveThreshold } from "@/features/model/components/SaveThreshold";
import { ScoreHistogram } from "@/features/model/components/ScoreHistogram";
import { WhatIfAnswer } from "@/features/model/components/WhatIfAnswer";
import { failureOf } from "@/lib/api";
import { rangeText } from "@/lib/range";
import { useSearchState } from "@/lib/useSearchState";
import type { ScoreHistogram as Scores } from "@/lib/wire";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** The scores of the range with the threshold in them: moved, it tells what it would have changed before it is saved. */
export function WhatIfPanel({ canSave }: { canSave: boolean }) {
  const { search, window } = useSearchState();
  const scores = useScores(window);
  return (
    <Panel title="Scores and threshold" note={`requests by score, 0 to 1, logarithmic · ${rangeText(search)}, whole hours`} className="model-wide">
      <Loaded data={scores.data} failure={failureOf(scores.error)} onRetry={() => void scores.refetch()} label="Loading scores" rows={19}>
        {(held) => <Trial scores={held} canSave={canSave} />}
      </Loaded>
    </Panel>
  );
}

function Trial({ scores, canSave }: { scores: Scores; canSave: boolean }) {
  const { search, window, change } = useSearchState();
  const settled = search.threshold === undefined ? scores.threshold : Number(search.threshold);
  // While it is dragged it stands here; let go, it goes into the address and is asked about.
  const [dragged, setDragged] = useState<number | null>(null);
  const tried = dragged ?? settled;
  const isAskable = settled >= LOWEST_THRESHOLD && scores.threshold >= LOWEST_THRESHOLD;
  const whatIf = useWhatIf(settled, window, isAskable && settled !== scores.threshold);
  const total = scores.bins.reduce((sum, { requests }) => sum + requests, 0);

  const settle = () => {
    if (dragged === null) return;
    setDragged(null);
    change({ ...search, threshold: dragged === scores.threshold ? undefined : String(dragged) }, true);
  };

  return (
    <div className="trial">
      {total === 0 && <p className="muted">No request of this range was scored.</p>}
      <ScoreHistogram scores={scores} tried={tried} />
      <label className="trial-slider">
        <span className="sr-only">Threshold for blocking to try</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={tried}
          aria-valuetext={`${tried.toFixed(2)}, in force ${scores.threshold.toFixed(2)}`}
          onChange={(event) => setDragged(Number(event.target.value))}
          onPointerUp={settle}
          onKeyUp={settle}
          onBlur={settle}
        />
      </label>
      <p className="trial-figures">
        <span>
          Threshold to try <strong className="trial-value">{tried.toFixed(2)}</strong>
        </span>
        <span className="muted">
          in force {scores.threshold.toFixed(2)} (dashed), flagged from {scores.flag_threshold.toFixed(2)}
        </span>
      </p>
      {canSave ? <SaveThreshold scores={scores} tried={settled} /> : <p className="muted">Only administrators change the threshold.</p>}
      {settled === scores.threshold ? (
        <Empty title="Move the threshold">With the mouse, or the arrow keys on the slider, to see which stored requests would be judged otherwise.</Empty>
      ) : isAskable ? (
        <Loaded data={whatIf.data} failure={failureOf(whatIf.error)} onRetry={() => void whatIf.refetch()} label="Loading what would change" rows={30}>
          {(answer) => <WhatIfAnswer answer={answer} isOld={whatIf.isPlaceholderData} />}
        </Loaded>
      ) : (
        <Empty title={`What would change can be told from ${LOWEST_THRESHOLD.toFixed(2)} on`}>Requests of lower scores are too many to be looked at one by one; the histogram counts them.</Empty>
      )}
    </div>
  );
}
