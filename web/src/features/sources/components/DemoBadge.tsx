import { useSources } from "@/features/sources/api/useSources";
import { Badge } from "@/ui/Badge";

/** Says that what is shown was invented by the demo. */
export function DemoBadge() {
  const sources = useSources();
  if (sources.data?.some(({ kind }) => kind === "demo") !== true) return null;
  return (
    <Badge tone="warn" title="A demo source writes invented traffic into a log that is really read and judged">
      demo traffic
    </Badge>
  );
}
