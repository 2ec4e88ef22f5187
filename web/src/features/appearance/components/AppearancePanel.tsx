import "./appearance.css";

import { chooseDensity, DENSITIES, useDensity } from "@/lib/density";
import { chooseTheme, THEMES, useTheme } from "@/lib/theme";
import { Panel } from "@/ui/Panel";
import { Segments } from "@/ui/Segments";

/** How the dashboard looks in this browser. */
export function AppearancePanel() {
  const theme = useTheme();
  const density = useDensity();
  return (
    <Panel title="Appearance" note="remembered in this browser alone">
      <dl className="appearance">
        <div>
          <dt>Colours</dt>
          <dd>
            <Segments label="Colours" values={THEMES} chosen={theme} text={(value) => value} onChoose={chooseTheme} />
          </dd>
        </div>
        <div>
          <dt>Rows</dt>
          <dd>
            <Segments label="Rows" values={DENSITIES} chosen={density} text={(value) => value} onChoose={chooseDensity} />
            <span className="muted">Dense fits about a quarter more rows on the screen.</span>
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
