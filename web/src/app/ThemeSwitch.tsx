import { chooseTheme, THEMES, useTheme } from "@/lib/theme";
import { IconButton } from "@/ui/Button";

const ICONS = { system: "system", dark: "moon", light: "sun" } as const;

/** Goes through system, dark and light. */
export function ThemeSwitch() {
  const theme = useTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return <IconButton icon={ICONS[theme]} label={`Colours: ${theme}. Switch to ${next}`} onClick={() => chooseTheme(next)} />;
}
