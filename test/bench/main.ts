// npm run bench: every figure that needs no browser; bench.ts says with which options.
import { stopAll } from "../system/program.ts";
import { runBench } from "./bench.ts";
import { endChildren } from "./child.ts";
import { figures } from "./figures.ts";
import { measureGrowth } from "./growth/growth.ts";

const afterEach = () => Promise.all([stopAll(), endChildren()]);
const code = await runBench({ web: false, figures, afterEach, growth: (path, tools) => measureGrowth(path, { ...tools, afterEach }) });
process.exit(code);
