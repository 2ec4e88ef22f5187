import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { bytes, milliseconds, score } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { actionText, deciderText, statusText } from "@/lib/vocabulary";
import type { TrafficDetail } from "@/lib/wire";
import { ActionBadge, SeverityBadge } from "@/ui/Badge";
import { TimeText } from "@/ui/TimeText";

/** The verdict on a request in words. */
export function TrafficVerdict({ request }: { request: TrafficDetail }) {
  return (
    <div className="verdict">
      <span className="verdict-class">{request.type ?? "No attack recognised"}</span>
      {request.severity !== null && <SeverityBadge severity={request.severity} />}
      <ActionBadge action={request.action} text={actionText(request.action, request.enforced)} />
    </div>
  );
}

/** Who, when, where, and what was answered. */
export function trafficFacts(request: TrafficDetail): [string, ReactNode][] {
  return [
    ["Time", <TimeText key="time" instant={request.timestamp} full />],
    ["Decided by", request.decided_by === "model" ? `Model ${request.model ?? ""}` : deciderText(request.decided_by)],
    ["Score", request.score === null ? "the model did not judge" : score(request.score)],
    ["Client", <span key="client" className="mono">{request.ip}</span>],
    ["Host", request.host ?? "not in the log"],
    ["Answer", request.status === 0 ? "not in the log" : `${request.status} ${statusText(request.status)}, ${bytes(request.size_bytes)}`],
    ["Time taken", request.response_time_ms === null ? "not in the log" : milliseconds(request.response_time_ms)],
    ["User agent", request.user_agent ?? "not in the log"],
    ["Seen by", request.log_source === null ? request.via : `${request.via} ${request.log_source}`],
    ["Received", <TimeText key="received" instant={request.received_at} full />],
  ];
}

/** Ways on from a request. */
export function TrafficLinks({ request }: { request: TrafficDetail }) {
  const { search } = useSearchState();
  return (
    <nav className="related" aria-label="Related rows">
      {request.threat_id !== null && (
        <Link to={pages.threatRow} params={{ id: String(request.threat_id) }} search={rowsBehind(search, {})}>
          The threat made from it
        </Link>
      )}
      <Link to={pages.traffic} search={rowsBehind(search, { ip: request.ip })}>
        Same client
      </Link>
      <Link to={pages.traffic} search={rowsBehind(search, { endpoint: request.path })}>
        Same path
      </Link>
    </nav>
  );
}
