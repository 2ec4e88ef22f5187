import { Link } from "@tanstack/react-router";

import { pages } from "@/lib/paths";
import { Empty } from "@/ui/Notice";

export function NotFound() {
  return (
    <Empty title="There is no such page">
      <Link to={pages.overview}>Go to the overview</Link>
    </Empty>
  );
}
