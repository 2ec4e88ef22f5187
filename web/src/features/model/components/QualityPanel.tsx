import "./model.css";

import { useState } from "react";

import { useModelInfo } from "@/features/model/api/useModelInfo";
import { QUALITY_VIEWS, type QualityRow, qualityRows, type QualitySort, type QualityView, sortRows } from "@/features/model/components/qualityRows";
import { failureOf } from "@/lib/api";
import { count, decimal, NONE } from "@/lib/format";
import type { MeasuredQuality } from "@/lib/wire";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { Segments } from "@/ui/Segments";
import { TimeText } from "@/ui/TimeText";

/** What the model in force caught when it was measured after its training, set by set and class by class. */
export function QualityPanel() {
  const model = useModelInfo();
  return (
    <Panel title="Measured quality" note="at the threshold that the model came with">
      <Loaded data={model.data} failure={failureOf(model.error)} onRetry={() => void model.refetch()} label="Loading measured quality" rows={8}>
        {({ version, card }) =>
          card?.quality == null ? (
            <Empty title={`Nobody has measured ${version} since it was trained`}>
              <code className="mono">bartizan eval --model DIR --quality DIR/quality.json FILE…</code> measures a model on labelled requests and puts the figures beside it.
            </Empty>
          ) : (
            <Quality quality={card.quality} />
          )
        }
      </Loaded>
    </Panel>
  );
}

const VIEW_TEXTS: Record<QualityView, string> = { sets: "By set", classes: "By class of attack" };

function Quality({ quality }: { quality: MeasuredQuality }) {
  const [view, setView] = useState<QualityView>("sets");
  // The weakest first: a figure that is looked for is the one that worries.
  const [sort, setSort] = useState<QualitySort>({ by: "caught", descending: false });
  const rows = sortRows(qualityRows(quality, view), sort);

  return (
    <>
      <div className="quality-head">
        <Segments label="Rows of the table" values={QUALITY_VIEWS} chosen={view} text={(each) => VIEW_TEXTS[each]} onChoose={setView} />
        <span className="muted">
          measured <TimeText instant={quality.measured_at} full /> at {quality.threshold.toFixed(2)}, weights
        </span>
        <span className="mono model-hash" title={quality.hash}>
          {quality.hash}
        </span>
      </div>
      <div className="quality-list">
        <DataTable caption="Measured quality" columns={columns(view, sort, setSort)} rows={rows} rowKey={({ key }) => key} />
      </div>
    </>
  );
}

function columns(view: QualityView, sort: QualitySort, onSort: (sort: QualitySort) => void): Column<QualityRow>[] {
  const sorted = (by: QualitySort["by"]) => ({
    direction: sort.by !== by ? undefined : sort.descending ? ("descending" as const) : ("ascending" as const),
    onSort: () => onSort({ by, descending: sort.by === by && !sort.descending }),
  });
  const set: Column<QualityRow> = { key: "set", head: "Set", cell: (row) => row.set, sort: sorted("set") };
  const attacks: Column<QualityRow>[] = [
    { key: "attack", head: "Attacks", align: "right", cell: ({ attack }) => (attack === 0 ? NONE : count(attack)), sort: sorted("attack") },
    { key: "caught", head: "Caught", align: "right", cell: ({ caught }) => percent(caught), sort: sorted("caught") },
  ];
  if (view === "classes") return [{ key: "class", head: "Class, as the set names it", cell: (row) => row.class, sort: sorted("class") }, set, ...attacks];
  return [
    set,
    ...attacks,
    { key: "benign", head: "Ordinary", align: "right", cell: ({ benign }) => (benign === 0 ? NONE : count(benign)), sort: sorted("benign") },
    { key: "alarms", head: "False alarms", align: "right", cell: ({ alarms }) => percent(alarms), sort: sorted("alarms") },
  ];
}

function percent(fraction: number | null): string {
  return fraction === null ? NONE : `${decimal(fraction * 100, 2)} %`;
}
