import { readdirSync } from "node:fs";

import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Forbids imports from the named folders: the arrows go app → features → ui → lib, never back. */
function forbid(files, folders, extra = []) {
  return {
    files,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: folders.map((folder) => `@/${folder}/**`), message: "imports go app → features → ui → lib" },
            { group: ["../*"], message: "name other folders with @/" },
            ...extra,
          ],
        },
      ],
    },
  };
}

const router = { group: ["@tanstack/**", "openapi-fetch", "@/generated/**", "@/lib/api"], message: "ui knows neither router nor API" };

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/generated", "test-results", "playwright-report", "public"] },
  ...tseslint.configs.strictTypeChecked,
  jsxA11y.flatConfigs.recommended,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "what an attacker wrote is shown as text" },
        { selector: "ExportAllDeclaration", message: "no barrel files" },
      ],
      "react-hooks/incompatible-library": "off",
    },
  },
  { files: ["eslint.config.js"], ...tseslint.configs.disableTypeChecked },
  forbid(["src/lib/**"], ["app", "features", "ui"]),
  forbid(["src/ui/**"], ["app", "features"], [router]),
  ...readdirSync("src/features").map((own) =>
    forbid([`src/features/${own}/**`], ["app"], [{ regex: `^@/features/(?!${own}/)`, message: "features are put together in app/pages" }]),
  ),
);
