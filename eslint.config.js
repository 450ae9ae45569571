import js from "@eslint/js";
import tseslint from "typescript-eslint";

// AssemblyScript files are not TypeScript: no linter parses their decorators. Compiling each of
// them with asc (scripts/check.mjs) is their lint.
const assemblyScript = [
  "assembly/**/*.ts",
  "!assembly/**/*.{test,fuzz}.ts",
  "!assembly/testing/**",
  "index.ts",
  "spec.ts",
  "examples/*/*.ts",
  "!examples/*/*.test.ts",
  "conformance/filters/**",
  "sdk/spec/fixtures/**",
  "benchmarks/**/*.ts",
];

/** Forbids imports that would point an arrow of the house the wrong way. */
const arrows = (files, group, message) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
});

export default tseslint.config(
  { ignores: ["dist/**", "build/**", ".test-build/**", ...assemblyScript] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // `node:test` returns promises that the runner awaits itself.
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", name: ["test", "describe", "it", "suite"], package: "node:test" },
          ],
        },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
    },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        Buffer: "readonly",
        WebAssembly: "readonly",
      },
    },
  },
  arrows(
    ["sdk/**/*.ts"],
    ["**/harness/**", "as-proxy-wasm/harness"],
    "sdk/ knows nothing of Envoy processes.",
  ),
);
