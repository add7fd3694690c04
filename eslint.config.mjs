import tseslint from "typescript-eslint";

/** Lint rules: what neither prettier (formatting) nor tsc (types) checks. */
export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "policies/bin/", "coverage/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommended, tseslint.configs.stylistic],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "LogicalExpression[operator='||'][right.type='Literal']",
          message: "Use ?? for a default: || also replaces 0, '' and false.",
        },
        {
          selector:
            "CallExpression[callee.object.type='ThisExpression'][callee.property.name='timeout'] > Literal[value<120000]",
          message: "A busy machine needs many times what a quiet one does: at least 120000.",
        },
      ],
      "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["preview/**/*.ts", "test/**/*.ts"], rules: { "no-console": "off" } },
  // Tables are long, and better in one piece.
  {
    files: ["standards/charts.ts", "components/observability/dashboards/data.ts"],
    rules: { "max-lines": ["error", { max: 240, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }] },
  },
);
