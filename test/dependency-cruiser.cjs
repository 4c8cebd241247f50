const from = (name, fromPath, toPath, comment, extra = {}) => ({
  name,
  severity: "error",
  comment,
  from: { path: fromPath, ...extra },
  to: { path: toPath },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment: "a value import that makes a cycle means that a third module is missing",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    from(
      "contract-alone",
      "^server/contract/",
      "^(agent|web|test|server/(?!contract/)|node_modules/(?!zod))",
      "contract imports zod and nothing else",
    ),
    from("agent-takes-contract", "^agent/", "^(web|test|server/(?!contract/))", "agent/ takes from server/ only server/contract/"),
    from("agent-light", "^agent/", "node_modules/(better-sqlite3|express|socket\\.io)/", "an agent loads no database and no web server"),
    from("web-takes-contract", "^web/", "^(agent|test|server/(?!contract/))", "web/ takes from server/ only server/contract/"),
    from(
      "server-takes-nothing",
      "^server/(?!cli/)",
      "^(agent|web|test)/",
      "server/, but for server/cli/, takes nothing from agent/, web/ or the emulator",
    ),
    from("nothing-takes-cli", "^(agent|web|server/(?!cli/))", "^server/cli/", "nothing imports the command line"),
    from(
      "emulator-stands-alone",
      "^test/emulator/",
      "^(agent|server|web)/",
      "an emulator that shared code with the decoder would share its mistakes",
    ),
    from("sql-in-store", "^server/(?!store/|cli/)", "node_modules/better-sqlite3/", "all SQL is in server/store/"),
    from(
      "pure-parts",
      "^(server/(contract|fleet/status|alerts/(transition|incident)|store/(codec|rollup))|agent/(models|decode)|web/format)",
      "^(fs|net|http|https|child_process|worker_threads|timers|dgram|dns)",
      "pure parts do no I/O",
      {},
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
