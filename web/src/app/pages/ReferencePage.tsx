import "./pages.css";

import { useEffect, useState } from "react";

import { useDocument } from "@/features/reference/api/useDocument";
import { Operations, Schemas } from "@/features/reference/components/Operations";
import { matching } from "@/features/reference/document";
import { failureOf } from "@/lib/api";
import { api } from "@/lib/paths";
import { Field } from "@/ui/Field";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** Opens what the address names, now and whenever a link leads there. */
function useOpened(ready: boolean) {
  useEffect(() => {
    const open = () => {
      const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
      if (target instanceof HTMLDetailsElement) {
        target.open = true;
        target.scrollIntoView();
      }
    };
    if (ready) open();
    window.addEventListener("hashchange", open);
    return () => window.removeEventListener("hashchange", open);
  }, [ready]);
}

/** The API of this server, from its own OpenAPI document. */
export function ReferencePage() {
  const query = useDocument();
  const [wanted, setWanted] = useState("");
  useOpened(query.data !== undefined);
  return (
    <div className="page">
      <Panel title="API" note={<a href={api.document}>OpenAPI document</a>}>
        <Loaded data={query.data} failure={failureOf(query.error)} onRetry={() => void query.refetch()} label="Loading the OpenAPI document">
          {(reference) => {
            const groups = matching(reference, wanted);
            return (
              <>
                <Field label="Find an operation" type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
                {groups.length === 0 && <Empty title="No operation matches">Use fewer words.</Empty>}
                <Operations groups={groups} />
                <h3>Schemas</h3>
                <Schemas schemas={reference.schemas} />
              </>
            );
          }}
        </Loaded>
      </Panel>
    </div>
  );
}
