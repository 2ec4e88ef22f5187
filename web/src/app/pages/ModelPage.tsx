import "./pages.css";

import { useMe } from "@/features/auth/api/useMe";
import { FieldList } from "@/features/evidence/components/FieldList";
import { ModelCard } from "@/features/model/components/ModelCard";
import { QualityPanel } from "@/features/model/components/QualityPanel";
import { TryRequest } from "@/features/model/components/TryRequest";
import { WhatIfPanel } from "@/features/model/components/WhatIfPanel";

/** The model that judges: what it is, how its scores are spread, and what another threshold would do. */
export function ModelPage() {
  const { data: me } = useMe();
  return (
    <div className="page">
      <WhatIfPanel canSave={me?.scopes.includes("admin") ?? false} />
      <div className="grid">
        <TryRequest evidence={(fields, spans) => <FieldList fields={fields} spans={spans} />} />
        <ModelCard />
      </div>
      <QualityPanel />
    </div>
  );
}
