import "./chip.css";

import { Icon } from "@/ui/Icon";

/** A filter in force, with a button that takes it away. */
export function Chip({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  return (
    <span className="chip">
      <span className="chip-name">{name}</span>
      <span className="chip-value">{value}</span>
      <button type="button" className="chip-remove" aria-label={`Remove filter ${name} ${value}`} title="Remove this filter" onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}
