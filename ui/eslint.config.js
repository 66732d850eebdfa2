import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const tauriOnlyInIpc = {
  group: ["@tauri-apps/*"],
  message: "Only src/ipc talks to Tauri: call() and onProgress() are there.",
};

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/ipc/bindings.ts"] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js"] },
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "max-lines": ["error", { max: 260, skipBlankLines: true, skipComments: true }],
      "no-restricted-imports": ["error", { patterns: [tauriOnlyInIpc] }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // Raw HTML enters in one place, after sanitising: kit/prose/Markdown.svelte.
      "svelte/no-at-html-tags": "error",
      // Maps and sets here are replaced whole, never changed in place while shown.
      "svelte/prefer-svelte-reactivity": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { varsIgnorePattern: "^_", argsIgnorePattern: "^_" },
      ],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: {
        parser: ts.parser,
        projectService: true,
        extraFileExtensions: [".svelte"],
        svelteConfig,
      },
    },
  },
  {
    // The plugin sees template types only in part; svelte-check sees all of them.
    files: ["**/*.svelte"],
    rules: Object.fromEntries(
      ["argument", "assignment", "call", "member-access", "return"].map((kind) => [
        `@typescript-eslint/no-unsafe-${kind}`,
        "off",
      ]),
    ),
  },
  { files: ["src/ipc/**"], rules: { "no-restricted-imports": "off" } },
  {
    files: ["src/kit/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            tauriOnlyInIpc,
            {
              group: ["**/ipc/**", "**/state/**", "**/parts/**", "**/views/**", "**/text/**"],
              message: "The kit knows no domain words and imports only the kit.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["src/parts/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            tauriOnlyInIpc,
            {
              group: ["**/views/**", "../[a-z]*-*/**", "../../parts/**"],
              message: "A part imports no other part and no view.",
            },
          ],
        },
      ],
    },
  },
  { files: ["**/*.js"], ...ts.configs.disableTypeChecked },
);
