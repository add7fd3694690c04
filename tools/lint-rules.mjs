/** Lint rules of this project alone, which `.oxlintrc.json` switches on. */

const noOrDefault = {
  create: (context) => ({
    LogicalExpression(node) {
      if (node.operator === "||" && node.right.type === "Literal")
        context.report({ node, message: "Use ?? for a default: || also replaces 0, '' and false." });
    },
  }),
};

/** Mocha's `this.timeout(ms)`. */
const longTimeouts = {
  create: (context) => ({
    CallExpression({ callee, arguments: given }) {
      if (callee.object?.type !== "ThisExpression" || callee.property?.name !== "timeout") return;
      for (const node of given)
        if (node.type === "Literal" && node.value < 120_000)
          context.report({
            node,
            message: "A busy machine needs many times what a quiet one does: at least 120000.",
          });
    },
  }),
};

export default {
  meta: { name: "plinth" },
  rules: { "no-or-default": noOrDefault, "long-timeouts": longTimeouts },
};
