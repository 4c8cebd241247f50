import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["**/dist/**", "web/screenshots/**", "test/bench/samples.mjs"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  {
    basePath: new URL("..", import.meta.url).pathname,
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./web/tsconfig.json", "./test/tsconfig.json"],
        tsconfigRootDir: new URL("..", import.meta.url).pathname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "only-allowed-literals" }],
      "@typescript-eslint/unified-signatures": "off",
      "no-console": "error",
    },
  },
  { files: ["web/**/*.tsx", "web/**/*.ts"], plugins: { "react-hooks": hooks }, rules: { ...hooks.configs.recommended.rules } },
  { files: ["test/**"], rules: { "no-console": "off", "@typescript-eslint/no-non-null-assertion": "off" } },
  { files: ["**/*.js", "**/*.mjs", "**/*.cjs"], ...ts.configs.disableTypeChecked },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly", module: "writable" } },
    rules: { "no-console": "off" },
  },
);
