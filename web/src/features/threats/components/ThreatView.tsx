import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { bytes, milliseconds, NONE, score } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { actionText, deciderText, statusText } from "@/lib/vocabulary";
import type { ThreatDetail, TrafficDetail } from "@/lib/wire";
import { ActionBadge, SeverityBadge } from "@/ui/Badge";
import { TimeText } from "@/ui/TimeText";

/** The verdict on a threat in words. */
export function ThreatVerdict({ threat }: { threat: ThreatDetail }) {
  return (
    <div className="verdict">
      <span className="verdict-class">{threat.type}</span>
      <SeverityBadge severity={threat.severity} />
      <ActionBadge action={threat.action} text={actionText(threat.action, threat.enforced)} />
      {threat.details !== null && <p className="verdict-details">{threat.details}</p>}
    </div>
  );
}

/** Who, when, where, and whether it worked. The request holds the size of the answer, as long as it is kept. */
export function threatFacts(threat: ThreatDetail, request: TrafficDetail | undefined): [string, ReactNode][] {
  return [
    ["Time", <TimeText key="time" instant={threat.timestamp} full />],
    ["Decided by", threat.decided_by === "model" ? `Model ${threat.model ?? ""}` : deciderText(threat.decided_by)],
    ["Score", threat.score === null ? "the model did not judge" : score(threat.score)],
    ["Client", <span key="client" className="mono">{threat.source}</span>],
    ["Host", threat.host ?? "not in the log"],
    ["Answer", threat.status === 0 ? "not in the log" : `${threat.status} ${statusText(threat.status)}`],
    ["Answer size", request === undefined ? NONE : request.size_bytes === null ? "not in the log" : bytes(request.size_bytes)],
    ["Time taken", request === undefined ? NONE : request.response_time_ms === null ? "not in the log" : milliseconds(request.response_time_ms)],
    ["User agent", threat.user_agent ?? "not in the log"],
    ["Seen by", threat.via],
  ];
}

/** Ways on from a threat. */
export function ThreatLinks({ threat }: { threat: ThreatDetail }) {
  const { search } = useSearchState();
  const path = threat.endpoint.split("?")[0] ?? threat.endpoint;
  return (
    <nav className="related" aria-label="Related rows">
      <Link to={pages.traffic} search={rowsBehind(search, { ip: threat.source })}>
        All requests of this client
      </Link>
      <Link to={pages.threats} search={rowsBehind(search, { ip: threat.source })}>
        Threats of this client
      </Link>
      <Link to={pages.traffic} search={rowsBehind(search, { endpoint: path })}>
        Same path
      </Link>
      <Link to={pages.threats} search={rowsBehind(search, { class: threat.class })}>
        Same class
      </Link>
      <Link to={pages.trafficRow} params={{ id: String(threat.traffic_id) }} search={rowsBehind(search, {})}>
        The request itself
      </Link>
    </nav>
  );
}
