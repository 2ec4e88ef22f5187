import { useSystemInfo } from "@/features/system/api/useSystemInfo";
import { Badge } from "@/ui/Badge";

const MEANINGS: Record<string, string> = {
  monitor: "Nothing is refused: the server judges and shows what it would block",
  block: "Requests held inline are refused when they are judged worth stopping",
};

/** Whether the server only watches or also refuses. */
export function ModeBadge() {
  const { data } = useSystemInfo();
  if (data === undefined) return null;
  return (
    <Badge tone={data.mode === "block" ? "accent" : "neutral"} title={MEANINGS[data.mode]}>
      {data.mode} mode
    </Badge>
  );
}
