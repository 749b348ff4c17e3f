// Makes the checkout ready, then becomes the command line: one process, so signals and exit code are its own.
import { prepareOrExit } from "./prepare.mjs";

await prepareOrExit();
await import("../dist/src/cli/main.js");
