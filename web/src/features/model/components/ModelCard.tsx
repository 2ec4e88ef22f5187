import "./model.css";

import { useModelInfo } from "@/features/model/api/useModelInfo";
import { failureOf } from "@/lib/api";
import { count, decimal, NONE } from "@/lib/format";
import type { ModelCard as Card } from "@/lib/wire";
import { Badge } from "@/ui/Badge";
import { Loaded } from "@/ui/Loaded";
import { Banner, Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { ScrollRegion } from "@/ui/ScrollRegion";
import { TimeText } from "@/ui/TimeText";

/** Which model judges, what it learnt from, and how good it was when its training ended. */
export function ModelCard() {
  const model = useModelInfo();
  return (
    <Panel title="Model card" note="as the model in force states it">
      <Loaded data={model.data} failure={failureOf(model.error)} onRetry={() => void model.refetch()} label="Loading model card" rows={30}>
        {({ version, card, refused }) => (
          <>
            {refused !== null && (
              <Banner tone="warn">
                Another model was refused on <TimeText instant={refused.timestamp} full />: {refused.problem}
              </Banner>
            )}
            {card === null ? <Empty title={`${version} has no card`}>It says neither what it learnt from nor how good it is.</Empty> : <CardBody version={version} card={card} />}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function CardBody({ version, card }: { version: string; card: Card }) {
  const rows = card.data.reduce((sum, { attack, benign }) => sum + attack + benign, 0);
  return (
    <div className="model-card">
      <dl className="figures">
        <div>
          <dt>Version</dt>
          <dd>{version}</dd>
        </div>
        <div>
          <dt>Trained</dt>
          <dd>
            <TimeText instant={card.trained_at} full />
          </dd>
        </div>
        <div>
          <dt>Learnt from</dt>
          <dd>
            {count(rows)} rows <span className="muted">of {count(card.data.length)} sets</span>
          </dd>
        </div>
        <div>
          <dt>SHA-256 of the weights</dt>
          <dd className="mono model-hash" title={card.hash}>
            {card.hash}
          </dd>
        </div>
      </dl>
      <Quality card={card} />
      <DataSets card={card} />
    </div>
  );
}

function Quality({ card }: { card: Card }) {
  if (card.metrics.length === 0) return <p className="muted">The card states no measured quality.</p>;
  // What the model had never seen tells more, so it stands first.
  const sets = card.metrics.toSorted((a, b) => Number(a.seen) - Number(b.seen));
  return (
    <>
      <h3>Quality per set</h3>
      <p className="muted">Measured when training ended, at the thresholds that the model came with.</p>
      <ScrollRegion label="Quality per set">
        <table className="table model-table">
          <caption className="sr-only">Share of attacks caught and of ordinary requests taken for attacks, per set</caption>
          <thead>
            <tr>
              <th scope="col">Set</th>
              <th scope="col" className="cell-right">
                Attacks
              </th>
              <th scope="col" className="cell-right">
                Caught
              </th>
              <th scope="col" className="cell-right">
                Ordinary
              </th>
              <th scope="col" className="cell-right">
                False alarms
              </th>
            </tr>
          </thead>
          <tbody>
            {sets.map((each) => (
              <tr key={each.set}>
                <th scope="row" className="model-set">
                  {each.set.replace(/\.jsonl$/, "")} {each.seen ? <Badge title="Training or the choice of thresholds saw it">seen</Badge> : <Badge tone="accent">unseen</Badge>}
                </th>
                <td className="cell-right">{count(each.attack)}</td>
                <td className="cell-right">{share(each.tpr_block)}</td>
                <td className="cell-right">{count(each.benign)}</td>
                <td className="cell-right">{share(each.fpr_block)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

function DataSets({ card }: { card: Card }) {
  return (
    <details>
      <summary>Training data and licences</summary>
      <ul className="model-data">
        {card.data.map(({ name, licence, attack, benign }) => (
          <li key={name}>
            <span className="mono">{name}</span> <span className="muted">{`${licence} · ${count(attack)} attacks, ${count(benign)} ordinary`}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** A fraction in percent; nothing where the set holds no row of that kind. */
function share(fraction: number | null): string {
  return fraction === null ? NONE : `${decimal(fraction * 100, 2)} %`;
}
