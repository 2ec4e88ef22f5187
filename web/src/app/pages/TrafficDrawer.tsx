import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback } from "react";

import { Evidence } from "@/features/evidence/components/Evidence";
import { Facts } from "@/features/evidence/components/Facts";
import { RequestTools } from "@/features/evidence/components/RequestTools";
import { useTrafficRow } from "@/features/traffic/api/useTrafficRow";
import { ClientTimeline } from "@/features/traffic/components/ClientTimeline";
import { trafficFacts, TrafficLinks, TrafficVerdict } from "@/features/traffic/components/TrafficView";
import { failureOf } from "@/lib/api";
import { pages } from "@/lib/paths";
import { useSearchState } from "@/lib/useSearchState";
import { Drawer } from "@/ui/Drawer";
import { Failed, Skeleton } from "@/ui/Notice";

/** One request with all that is known of it. */
export function TrafficDrawer() {
  const id = useParams({ from: "/traffic/$id", select: (params) => Number(params.id) });
  const { search } = useSearchState();
  const navigate = useNavigate();
  const request = useTrafficRow(id);
  const failure = failureOf(request.error);
  const close = useCallback(() => void navigate({ to: pages.traffic, search, state: (held) => held }), [navigate, search]);

  return (
    <Drawer title={`Request ${id}`} onClose={close}>
      {failure !== null && <Failed failure={failure} onRetry={() => void request.refetch()} />}
      {request.isPending && <Skeleton rows={10} label="Loading request" />}
      {request.data !== undefined && (
        <>
          <TrafficVerdict request={request.data} />
          <Facts facts={trafficFacts(request.data)} />
          <TrafficLinks request={request.data} />
          <RequestTools detail={request.data} page={`${pages.traffic}/${id}`} />
          <ClientTimeline ip={request.data.ip} instant={request.data.timestamp} id={id} />
          <Evidence detail={request.data} />
        </>
      )}
    </Drawer>
  );
}
