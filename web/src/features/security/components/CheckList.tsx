import "./security.css";

import { useChecks } from "@/features/security/api/useChecks";
import { CheckItem } from "@/features/security/components/CheckItem";
import { STATES } from "@/features/security/components/checkState";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import { useSearchState } from "@/lib/useSearchState";
import { Chip } from "@/ui/Chip";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** Every check, those that need somebody first. */
export function CheckList() {
  const { search, change } = useSearchState();
  const checks = useChecks();
  const shown = checks.data?.filter(({ status }) => search.check === undefined || status === search.check).sort((a, b) => STATES[a.status].place - STATES[b.status].place || a.id - b.id);

  return (
    <Panel
      title="Checks"
      note={checks.data === undefined ? "measured every minute" : `${count(shown?.length ?? 0)} of ${count(checks.data.length)} · measured every minute`}
      tools={search.check !== undefined && <Chip name="Status" value={STATES[search.check].text.toLowerCase()} onRemove={() => change({ ...search, check: undefined })} />}
    >
      <Loaded data={shown} failure={failureOf(checks.error)} onRetry={() => void checks.refetch()} label="Loading checks" rows={16} look="cards">
        {(list) =>
          list.length === 0 ? (
            <Empty title="No check has this status now" />
          ) : (
            <ul className="checks">
              {list.map((check) => (
                <CheckItem key={check.id} check={check} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
