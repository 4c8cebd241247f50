// npm run bench:web: the figures that are measured in a real browser; bench.ts says with which options.
import { runBench } from "./bench.ts";
import { firstPaint } from "./figures/firstPaint.ts";
import { frames } from "./figures/frames.ts";
import { heap } from "./figures/heap.ts";
import { interactions } from "./figures/interactions.ts";
import { pollToScreen } from "./figures/pollToScreen.ts";
import { WebStage } from "./webStage.ts";

const stage = new WebStage();
const figures = [firstPaint, pollToScreen, frames, interactions, heap].map((figureOn) => figureOn(stage));
const code = await runBench({ web: true, figures, afterEach: () => stage.closeBrowsers(), atEnd: () => stage.close() });
process.exit(code);
