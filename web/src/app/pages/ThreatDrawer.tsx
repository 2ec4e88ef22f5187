import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback } from "react";

import { Gone } from "@/app/pages/Gone";
import { Evidence } from "@/features/evidence/components/Evidence";
import { Facts } from "@/features/evidence/components/Facts";
import { RequestTools } from "@/features/evidence/components/RequestTools";
import { useThreatRow } from "@/features/threats/api/useThreatRow";
import { threatFacts, ThreatLinks, ThreatVerdict } from "@/features/threats/components/ThreatView";
import { useTrafficRow } from "@/features/traffic/api/useTrafficRow";
import { ClientTimeline } from "@/features/traffic/components/ClientTimeline";
import { failureOf, isGone } from "@/lib/api";
import { pages } from "@/lib/paths";
import { useSearchState } from "@/lib/useSearchState";
import { Drawer } from "@/ui/Drawer";
import { Failed, Skeleton } from "@/ui/Notice";

/** One threat: what was seen, who decided, and on what evidence. */
export function ThreatDrawer() {
  const number = useParams({ from: "/threats/$id", select: (params) => params.id });
  const id = Number(number);
  const { search } = useSearchState();
  const navigate = useNavigate();
  const threat = useThreatRow(id);
  const request = useTrafficRow(threat.data?.traffic_id);
  const failure = failureOf(threat.error);
  const close = useCallback(() => void navigate({ to: pages.threats, search, state: (held) => held }), [navigate, search]);

  return (
    <Drawer title={`Threat ${number}`} onClose={close}>
      {isGone(threat.error) ? <Gone noun="threat" number={number} kept="threats_days" /> : failure !== null && <Failed failure={failure} onRetry={() => void threat.refetch()} />}
      {threat.isPending && <Skeleton rows={10} label="Loading threat" />}
      {threat.data !== undefined && (
        <>
          <ThreatVerdict threat={threat.data} />
          <Facts facts={threatFacts(threat.data, request.data)} />
          <ThreatLinks threat={threat.data} />
          <RequestTools detail={threat.data} page={`${pages.threats}/${id}`} />
          <ClientTimeline ip={threat.data.source} instant={threat.data.timestamp} id={threat.data.traffic_id} />
          <Evidence detail={threat.data} />
        </>
      )}
    </Drawer>
  );
}
