import { useState } from "react";

import { type Thresholds, useSetThreshold } from "@/features/model/api/useSetThreshold";
import { failureOf } from "@/lib/api";
import { useSearchState } from "@/lib/useSearchState";
import type { ScoreHistogram as Scores } from "@/lib/wire";
import { Button } from "@/ui/Button";
import { FormFailure } from "@/ui/Field";

/** Puts the tried threshold in force for all requests to come, and back again. */
export function SaveThreshold({ scores, tried }: { scores: Scores; tried: number }) {
  const { search, change } = useSearchState();
  const save = useSetThreshold();
  const [asking, setAsking] = useState(false);
  // What was in force before the last save of this page.
  const [before, setBefore] = useState<Thresholds | null>(null);
  const failure = failureOf(save.error);

  const put = (thresholds: Thresholds, undo: Thresholds | null) => {
    setAsking(false);
    save.mutate(thresholds, {
      onSuccess: () => {
        setBefore(undo);
        change({ ...search, threshold: undefined }, true);
      },
    });
  };
  const now = { threshold: scores.threshold, flag_threshold: scores.flag_threshold };
  const isMoved = tried !== scores.threshold;

  return (
    <div className="trial-save">
      {isMoved && !asking && (
        <>
          <Button look="accent" disabled={save.isPending} onClick={() => setAsking(true)}>
            Save threshold {tried.toFixed(2)}
          </Button>
          <Button look="quiet" onClick={() => change({ ...search, threshold: undefined }, true)}>
            Back to {scores.threshold.toFixed(2)}
          </Button>
        </>
      )}
      {isMoved && asking && (
        <div className="trial-ask" role="group" aria-label="Save for all requests?">
          <p>
            For every request to come, of all hosts and sources{tried < scores.flag_threshold ? "; requests are then flagged from the same score on" : ""}. Stored verdicts stay. The change goes into the audit log.
          </p>
          <Button look="accent" onClick={() => put({ threshold: tried }, now)}>
            Yes, save {tried.toFixed(2)} for all
          </Button>
          <Button look="quiet" onClick={() => setAsking(false)}>
            Keep {scores.threshold.toFixed(2)}
          </Button>
        </div>
      )}
      {!isMoved && before !== null && (
        <p role="status">
          Saved: {scores.threshold.toFixed(2)} is in force.{" "}
          <Button look="quiet" icon="back" disabled={save.isPending} onClick={() => put(before, null)}>
            Undo, back to {before.threshold.toFixed(2)}
          </Button>
        </p>
      )}
      {failure !== null && <FormFailure>{failure.message}</FormFailure>}
    </div>
  );
}
