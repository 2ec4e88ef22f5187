import "./pages.css";

import { CheckChanges } from "@/features/security/components/CheckChanges";
import { CheckList } from "@/features/security/components/CheckList";
import { ScoreChart } from "@/features/security/components/ScoreChart";
import { ScorePanel } from "@/features/security/components/ScorePanel";

/** Whether the product does its work, check by check. */
export function SecurityPage() {
  return (
    <div className="page">
      <div className="grid">
        <ScorePanel />
        <ScoreChart />
      </div>
      <CheckList />
      <CheckChanges />
    </div>
  );
}
