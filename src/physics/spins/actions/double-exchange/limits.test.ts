import { expect, test } from "vitest";
import { pairSums } from "./limits.contract.ts";
