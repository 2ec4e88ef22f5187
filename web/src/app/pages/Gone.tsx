import { Link } from "@tanstack/react-router";

import { useSystemInfo } from "@/features/system/api/useSystemInfo";
import { count } from "@/lib/format";
import { pages } from "@/lib/paths";
import { Empty } from "@/ui/Notice";

/** Says of a row that was asked for by its number why it may not be there, and where to look. */
export function Gone({ noun, number, kept }: { noun: "request" | "threat"; number: string; kept: "traffic_days" | "threats_days" }) {
  const { data: info } = useSystemInfo();
  const days = info?.retention[kept];
  const list = noun === "request" ? pages.traffic : pages.threats;
  return (
    <Empty title={`There is no ${noun} ${number}`}>
      <p>{`It never was, or it is older than ${days === undefined ? "what is kept" : `the ${count(days)} ${days === 1 ? "day" : "days"} that ${noun}s are kept`}.`}</p>
      <p>
        <Link to={list}>{`All ${noun}s`}</Link> · <Link to={pages.settings} search={{ tab: "retention" }}>How long rows are kept</Link>
      </p>
    </Empty>
  );
}
