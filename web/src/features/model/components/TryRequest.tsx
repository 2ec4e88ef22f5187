import { type ReactNode, type SubmitEvent, useState } from "react";

import { useCheck } from "@/features/model/api/useCheck";
import { readRequest } from "@/features/model/components/rawRequest";
import { failureOf } from "@/lib/api";
import { milliseconds, score } from "@/lib/format";
import { actionText } from "@/lib/vocabulary";
import type { CheckResult, Explanation, Field } from "@/lib/wire";
import { ActionBadge, SeverityBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { FormFailure } from "@/ui/Field";
import { Panel } from "@/ui/Panel";

/** Has a pasted request judged as if it came now; it is not kept and not counted. */
export function TryRequest({ evidence }: { /** Shows the inspected fields with what carried the verdict marked in them. */ evidence: (fields: readonly Field[], spans: readonly Explanation[]) => ReactNode }) {
  const check = useCheck();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const failure = problem ?? failureOf(check.error)?.message ?? null;

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const read = readRequest(text);
    setProblem("problem" in read ? read.problem : null);
    if ("request" in read) check.mutate(read.request);
    else check.reset();
  };

  return (
    <Panel title="Try a request" note="judged by the model in force; neither kept nor counted">
      <form className="form" onSubmit={submit}>
        <label className="form-field">
          <span>An address, a path, or a whole request with headers and body</span>
          <textarea
            className="mono try-text"
            rows={6}
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={"GET /products?id=9%27%20or%201=1 HTTP/1.1\nHost: shop.example.com"}
            spellCheck={false}
          />
        </label>
        <div>
          <Button type="submit" look="accent" disabled={check.isPending}>
            Judge
          </Button>
        </div>
      </form>
      {failure !== null && <FormFailure>{failure}</FormFailure>}
      {check.data !== undefined && failure === null && <Result result={check.data} evidence={evidence} />}
    </Panel>
  );
}

function Result({ result, evidence }: { result: CheckResult; evidence: (fields: readonly Field[], spans: readonly Explanation[]) => ReactNode }) {
  const spans = result.explanation ?? [];
  return (
    <div className="try-result" role="status" aria-label="Verdict">
      <div className="verdict">
        <span className="verdict-class">{result.type ?? "No attack recognised"}</span>
        {result.severity !== null && <SeverityBadge severity={result.severity} />}
        <ActionBadge action={result.action} text={actionText(result.action, result.enforced)} />
      </div>
      <p>
        Score <strong>{score(result.anomaly_score)}</strong> <span className="muted">{`blocked from ${result.threshold.toFixed(2)} · judged in ${milliseconds(result.processing_time_ms)}`}</span>
      </p>
      {result.error !== null && <FormFailure>{result.error}</FormFailure>}
      {evidence(result.fields ?? [], spans)}
    </div>
  );
}
