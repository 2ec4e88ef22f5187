import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback } from "react";

import { Gone } from "@/app/pages/Gone";
import { Evidence } from "@/features/evidence/components/Evidence";
import { Facts } from "@/features/evidence/components/Facts";
import { RequestTools } from "@/features/evidence/components/RequestTools";
import { useTrafficRow } from "@/features/traffic/api/useTrafficRow";
import { ClientTimeline } from "@/features/traffic/components/ClientTimeline";
import { trafficFacts, TrafficLinks, TrafficVerdict } from "@/features/traffic/components/TrafficView";
import { failureOf, isGone } from "@/lib/api";
import { pages } from "@/lib/paths";
import { useSearchState } from "@/lib/useSearchState";
import { Drawer } from "@/ui/Drawer";
import { Failed, Skeleton } from "@/ui/Notice";

/** One request with all that is known of it. */
export function TrafficDrawer() {
  const number = useParams({ from: "/traffic/$id", select: (params) => params.id });
  const id = Number(number);
  const { search } = useSearchState();
  const navigate = useNavigate();
  const request = useTrafficRow(id);
  const failure = failureOf(request.error);
  const close = useCallback(() => void navigate({ to: pages.traffic, search, state: (held) => held }), [navigate, search]);

  return (
    <Drawer title={`Request ${number}`} onClose={close}>
      {isGone(request.error) ? <Gone noun="request" number={number} kept="traffic_days" /> : failure !== null && <Failed failure={failure} onRetry={() => void request.refetch()} />}
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
